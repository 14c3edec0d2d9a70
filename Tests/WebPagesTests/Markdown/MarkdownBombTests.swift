import Testing

@testable import WebPages

@Suite("Documents made to take long do not")
struct MarkdownBombTests {
    /// What is not optimized takes twenty times as long, and gets less to do.
    #if DEBUG
        private static let scale = 16
    #else
        private static let scale = 1
    #endif
    /// Half a mebibyte is read; what is given is more.
    private static let size = (1 << 20) / scale

    private static func fill(_ piece: String) -> String { piece.repeated(size / piece.utf8.count + 1) }

    static let bombs: [(name: String, text: String)] = [
        (
            "a table of 2,000 by 2,000",
            "|" + "a|".repeated(2_000) + "\n|" + "-|".repeated(2_000) + "\n" + "|a\n".repeated(2_000)
        ),
        (
            "a table of 500 columns and short rows",
            "|" + "a|".repeated(500) + "\n|" + "-|".repeated(500) + "\n" + "|\n".repeated(300_000 / scale)
        ),
        (
            "many tables",
            ("|" + "a|".repeated(98) + "\n|" + "-|".repeated(98) + "\n" + "|\n".repeated(500) + "\n").repeated(1_000)
        ),
        (
            "tables in lists",
            ("- |" + "a|".repeated(98) + "\n  |" + "-|".repeated(98) + "\n" + "  |\n".repeated(500) + "\n").repeated(
                1_000)
        ),
        ("quotes in quotes", fill(">")),
        ("quotes before blank lines", ">".repeated(250_000 / scale) + "\n".repeated(250_000 / scale)),
        ("lists in lists", fill("- ")),
        ("lists before blank lines", "- ".repeated(120_000 / scale) + "a\n" + "\n".repeated(270_000 / scale)),
        (
            "lists further and further in",
            (0..<700).map { "  ".repeated($0) + "- a\n" }.joined() + "\n".repeated(300_000 / scale)
        ),
        ("emphasis", fill("*a ")), ("emphasis in emphasis", fill("*a _b ")), ("strong", fill("a**b")),
        ("asterisks", fill("*")),
        ("Chinese emphasis", fill("中**“")), ("strokes", fill("~~a~b")), ("brackets", fill("[")),
        ("closed brackets", "[".repeated(250_000 / scale) + "a" + "]".repeated(250_000 / scale)),
        (
            "brackets with a definition",
            "[x]: /u\n\n" + "[".repeated(200_000 / scale) + "a" + "]".repeated(250_000 / scale)
        ),
        (
            "brackets over lines",
            "[x]: /u\n\n" + ("[a\n".repeated(30) + "]".repeated(30) + "\n").repeated(5_000 / scale)
        ),
        ("links over lines", ("a\n".repeated(100) + "[b](c\n\"d\")\n".repeated(100)).repeated(500)),
        ("links", fill("[a](b) ")),
        ("openings of links", fill("[a](<b")),
        ("pictures in pictures", "![".repeated(120_000 / scale) + "a" + "](b)".repeated(100_000 / scale)),
        (
            "long titles used often",
            "[x]: u \"" + "&amp;a".repeated(40_000 / scale) + "\"\n\n" + "[x]".repeated(90_000 / scale)
        ),
        (
            "long titles over lines",
            "[x]: u \"&\n" + "a\n".repeated(120_000 / scale) + "\"\n\n" + "[x]".repeated(90_000 / scale)
        ),
        ("definitions", (0..<(60_000 / scale)).map { "[a\($0)]: u\n" }.joined()), ("backticks", fill("`a``b")),
        ("backticks of all lengths", (1..<1_000).map { "`".repeated($0) + "a" }.joined()), ("angles", fill("<")),
        ("tags", fill("<a b=\"")),
        ("comments", fill("<!--")), ("instructions", fill("<?")), ("sections", fill("<![CDATA[")),
        ("elements", fill("<div>")),
        ("elements in paragraphs", fill("<div><p>\n\n")), ("broken attributes", fill("<div x=\"\n")),
        ("broken tags", "<div>\n" + fill("</x <")),
        ("quotes that cross", "<div>\n" + fill("<a b='")), ("scripts", fill("x <script>a")),
        ("definitions of terms", fill("<dl><dt>a<dd>b")),
        ("ampersands", fill("&")), ("addresses", fill("http://a.b ")), ("bare hosts", fill("www.a.b ")),
        ("addresses of people", fill("a@b.c ")),
        ("formulas", fill("$$a\n")), ("openings of formulas", fill("\\\\(")), ("headings", fill("# a\n")),
        ("fences", fill("```\n")), ("rules", fill("- -\n")),
        ("code", "```python\n" + fill("x = 'a' # b\n")), ("code in quotes", "```python\n" + fill("\"\"\"")),
        ("a line", fill("a")), ("lines", fill("a\n")),
        ("nothing", fill("\n")), ("zeros", fill("\u{0}a")), ("names", fill("@a*")), ("pipes", fill("|\n")),
        ("rows", fill("|-\n")),
    ]

    @Test("each is answered in time, and what comes out is sound", arguments: bombs.map(\.name))
    func bomb(_ name: String) throws {
        let text = try #require(Self.bombs.first { $0.name == name }).text
        var document: MarkdownDocument?
        let time = ContinuousClock().measure {
            document = CardMarkdown(HostileMarkdownTests.context).render(text, links: .discussion)
        }
        // Alone and optimized, each takes less than 0.3 s of one processor; here others work beside.
        #expect(time < .seconds(10), "\(time)")
        let html = try #require(document).html
        #expect(html.bytes.count <= CardMarkdown.limit + 100_000)
        #expect(Balance.isKept(html.bytes))
    }
}

enum Balance {
    /// Whether as many elements are closed as are opened.
    static func isKept(_ bytes: [UInt8]) -> Bool {
        let void: Set<String> = ["br", "col", "hr", "img", "input", "source", "use"]
        var open: [String] = []
        var at = 0
        while let start = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            let isEnd = bytes[start + 1] == UInt8(ascii: "/")
            let from = isEnd ? start + 2 : start + 1
            let name = String(
                decoding: bytes[from...].prefix { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) },
                as: UTF8.self)
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else { return false }
            if isEnd {
                guard open.popLast() == name else { return false }
            } else if !void.contains(name) {
                open.append(name)
            }
            at = end + 1
        }
        return open.isEmpty
    }
}
