import Testing

@testable import WebPages

@Suite("Markup escapes what it is given")
struct HTMLTests {
    @Test("text is escaped, markup is not, and addresses of other schemes lead nowhere")
    func escaping() {
        let text = "<b>\"'&"
        let html: HTML = "<p title=\"\(text)\">\(text)</p>\(HTML("<i>ok</i>"))"
        #expect(html.string == "<p title=\"&lt;b&gt;&quot;&#39;&amp;\">&lt;b&gt;&quot;&#39;&amp;</p><i>ok</i>")
        for address in ["javascript:alert(1)", " java\tscript:alert(1)", "data:text/html,x", "vbscript:x"] {
            let link: HTML = "<a href=\(url: address)>x</a>"
            #expect(link.string == "<a href=\"#\">x</a>", "\(address)")
        }
        let fine: HTML = "<a href=\(url: "/a?b=c:d&e")>x</a>"
        #expect(fine.string == "<a href=\"/a?b=c:d&amp;e\">x</a>")
    }

    @Test("places to go back to are on this site")
    func local() {
        #expect(SafeAddress.isLocal("/models?q=a"))
        for address in ["//evil.example", "/\\evil.example", "https://evil.example", "models", "", "/\nx"] {
            #expect(!SafeAddress.isLocal(address), "\(address)")
        }
    }
}
