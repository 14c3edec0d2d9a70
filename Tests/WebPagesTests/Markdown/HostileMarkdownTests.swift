import Testing

@testable import WebPages

@Suite("Hostile documents are harmless")
struct HostileMarkdownTests {
    static let context = PageContext(
        t: L10n(.english),
        assets: AssetLinks(base: "/assets/0", vendored: ["katex/katex.js", "mermaid/index.js"]), now: 0)
    static let links = MarkdownLinks.file(
        in: "docs", of: "/models/acme/bert", raw: "/acme/bert/resolve/main", revision: "main",
        siteURL: "http://hub.example")

    static func render(_ text: String, mentions: Bool = false) -> MarkdownDocument {
        let links =
            mentions
            ? MarkdownLinks(hasMentions: true, link: links.link, image: links.image) : links
        return CardMarkdown(context).render(text, links: links)
    }

    @Test("nothing runs, nothing is fetched from elsewhere, everything is closed", arguments: HostileMarkdown.all)
    func corpus(_ text: String) {
        #expect(StrictMarkup(Self.render(text).html.string).problems == [], "\(text)")
    }

    @Test("the corpus is large")
    func size() { #expect(Set(HostileMarkdown.all).count >= 300) }

    @Test("the same holds wherever in a document it stands")
    func places() {
        let places = [
            "# @", "> @", "- @", "1. @\n\n   @", "| a | @ |\n|-|-|\n| @ | b |", "**@**", "[@](x)", "![@](x.png)", "`@",
            "<div>@</div>",
            "<details><summary>@</summary>\n\n@\n\n</details>", "<table><tr><td>@</td></tr></table>",
            "<a href=\"@\">x</a>", "<a href='@'>x</a>",
            "<img alt=\"@\" src=\"@\" title='@'>", "[x](<@>)", "[x](a \"@\")", "[x]: @\n\n[x]", "```@\n@\n```", "$$@$$",
            "@x@", "<b title=@>@</b>",
        ]
        for text in HostileMarkdown.all {
            for place in places {
                let whole = place.replacing("@", with: text)
                let problems = StrictMarkup(Self.render(whole, mentions: true).html.string).problems
                #expect(problems == [], "\(whole.prefix(300))")
            }
        }
    }

    @Test("the same holds for pieces of it in any order")
    func pieces() {
        var random = SplitMix(seed: 7)
        let joints = [
            " ", "\n", "\n\n", "", "\"", "'", "<b>", "</b>", "**", "`", "|", "\n|-|-|\n", "<table>", "</td>", "$$",
            "<!--", "-->", "[", "](", ")", ">",
        ]
        for _ in 0..<1_500 {
            var text = ""
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let piece = HostileMarkdown.all.randomElement(using: &random) ?? ""
                let start = Int.random(in: 0...piece.count, using: &random)
                text += piece.dropFirst(start).prefix(Int.random(in: 0...40, using: &random))
                text += joints.randomElement(using: &random) ?? ""
            }
            let problems = StrictMarkup(Self.render(text, mentions: true).html.string).problems
            #expect(problems == [], "\(text)")
        }
    }

    @Test("a strict reader finds what is wrong")
    func control() {
        for markup in [
            "<script>x</script>", "<p onclick=\"x\">y</p>", "<p>", "</p>", "<a href=\"javascript:x\">y</a>",
            "<a href=x>y</a>",
            "<img src=\"//evil.example/x\">", "<a href=\" java\tscript:x\">y</a>", "<b><i></b></i>",
            "<p style=\"x\">y</p>", "a < b",
        ] {
            #expect(!StrictMarkup(markup).problems.isEmpty, "\(markup)")
        }
    }

    @Test("text reads as it was written, whatever it is")
    func escaping() {
        var random = SplitMix(seed: 11)
        for _ in 0..<300 {
            let letters = (0..<60).map { _ in "<>&\"'aé中😀 ;#x/=\u{0}".randomElement(using: &random) ?? "a" }
            let code = String(letters)
            let read = StrictMarkup(Self.render("```\n\(code)\n```").html.string)
            #expect(read.problems == [])
            #expect(read.text.contains(code.replacing("\u{0}", with: "\u{FFFD}")), "\(code)")
        }
    }
}

/// Random numbers that are the same each time.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
