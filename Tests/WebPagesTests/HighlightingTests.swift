import Testing

@testable import WebPages

@Suite("Source text keeps its letters and gains colours")
struct HighlightingTests {
    private func text(of lines: [HTML]) -> String { lines.map { StrictMarkup($0.string).text }.joined(separator: "\n") }

    @Test("what is read is what was written, in every language", arguments: SourceLanguage.allCases)
    func faithful(_ language: SourceLanguage) {
        var random = SplitMix(seed: 3)
        let pieces = [
            "\"", "'", "`", "\"\"\"", "#", "//", "/*", "*/", "<!--", "-->", "<a b=\"c\">", "@x.y", "$x", "${y}", "\\",
            "0x1F", "1e-5", "..", "def f(", "let",
            "key: value", "- a: |", "  text", "[section]", "a = 1", "FROM x", "\n", "\n", "\n", " ", "\t", "é中😀",
            "{\"a\": [1, null]}", "<", ">", "&", "'a", "r#\"", "```", "# h",
        ]
        for _ in 0..<200 {
            let source = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            let lines = SyntaxHighlighter.highlight(source, language: language)
            let expected = source.hasSuffix("\n") ? String(source.dropLast()) : source
            #expect(text(of: lines) == expected, "\(source)")
            for line in lines { #expect(StrictMarkup(line.string).problems == [], "\(source)") }
        }
    }

    @Test(
        "words have their colours",
        arguments: [
            (
                "py", "def f(a: int): # c",
                "<span class=\"tok-k\">def</span> <span class=\"tok-f\">f</span>(a: <span class=\"tok-t\">int</span>): <span class=\"tok-c\"># c</span>"
            ),
            ("py", "@a.b\nf'x'", "<span class=\"tok-m\">@a.b</span>\n<span class=\"tok-s\">f&#39;x&#39;</span>"),
            (
                "json", "{\"a\": 1e-5, \"b\": null}",
                "{<span class=\"tok-a\">&quot;a&quot;</span>: <span class=\"tok-n\">1e-5</span>, <span class=\"tok-a\">&quot;b&quot;</span>: <span class=\"tok-l\">null</span>}"
            ),
            (
                "yaml", "a: |\n  b: c\nd: true",
                "<span class=\"tok-a\">a</span>: <span class=\"tok-m\">|</span>\n  <span class=\"tok-s\">b: c</span>\n<span class=\"tok-a\">d</span>: <span class=\"tok-l\">true</span>"
            ),
            (
                "toml", "[a]\nb = 'c'",
                "<span class=\"tok-h\">[a]</span>\n<span class=\"tok-a\">b</span> = <span class=\"tok-s\">&#39;c&#39;</span>"
            ),
            (
                "sh", "echo $A # b",
                "<span class=\"tok-t\">echo</span> <span class=\"tok-v\">$A</span> <span class=\"tok-c\"># b</span>"
            ),
            (
                "rs", "fn a<'b>(c: char) { 'd' }",
                "<span class=\"tok-k\">fn</span> a&lt;&#39;b&gt;(c: <span class=\"tok-t\">char</span>) { <span class=\"tok-s\">&#39;d&#39;</span> }"
            ),
            ("sql", "select a FROM b", "<span class=\"tok-k\">select</span> a <span class=\"tok-k\">FROM</span> b"),
            (
                "html", "<a b=\"c\">",
                "&lt;<span class=\"tok-k\">a</span> <span class=\"tok-a\">b</span>=<span class=\"tok-s\">&quot;c&quot;</span>&gt;"
            ),
            (
                "c", "#include <a>\n/* b\nc */",
                "<span class=\"tok-m\">#include</span> &lt;a&gt;\n<span class=\"tok-c\">/* b</span>\n<span class=\"tok-c\">c */</span>"
            ),
            ("dockerfile", "FROM a:b", "<span class=\"tok-k\">FROM</span> a:b"),
        ])
    func colours(_ name: String, _ source: String, _ expected: String) throws {
        let language = try #require(SourceLanguage(name: name))
        #expect(
            SyntaxHighlighter.highlight(source, language: language).map(\.string).joined(separator: "\n") == expected)
    }

    @Test("languages are told by names of files and of fences")
    func names() {
        #expect(SourceLanguage(path: "src/a.PY") == .python)
        #expect(SourceLanguage(path: "docker/Dockerfile") == .dockerfile)
        #expect(SourceLanguage(path: "config.json") == .json)
        #expect(SourceLanguage(path: "model.safetensors") == nil)
        #expect(SourceLanguage(path: "LICENSE") == nil)
        #expect(SourceLanguage(name: "C++") == .c)
        #expect(SourceLanguage(name: "") == nil)
    }

    @Test("long lines end their colours and not their text", arguments: SourceLanguage.allCases)
    func long(_ language: SourceLanguage) {
        let source = "[1, \"a\", <b c='d'> `e` f(".repeated(4_000)
        let time = ContinuousClock().measure {
            let lines = SyntaxHighlighter.highlight(source, language: language)
            #expect(lines.count == 1)
            #expect(lines[0].bytes.count < source.utf8.count * 8)
        }
        #expect(time < .seconds(20))
    }

    @Test("no text has one empty line, and a last break makes none")
    func ends() {
        #expect(SyntaxHighlighter.highlight("", language: .python).count == 1)
        #expect(SyntaxHighlighter.highlight("a\n", language: .python).count == 1)
        #expect(SyntaxHighlighter.highlight("a\n\n", language: nil).count == 2)
        #expect(SyntaxHighlighter.highlight("a\r\nb", language: nil).map(\.string) == ["a", "b"])
    }
}
