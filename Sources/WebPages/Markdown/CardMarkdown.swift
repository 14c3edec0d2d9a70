/// Markdown as cards, files and comments use it: that of GitHub, with math and diagrams.
package struct CardMarkdown: MarkdownRenderer {
    let context: PageContext
    /// Of the highest heading; the page has one above it.
    let firstLevel: Int

    package init(_ context: PageContext, firstLevel: Int = 2) {
        self.context = context
        self.firstLevel = firstLevel
    }

    package func render(_ text: String, links: MarkdownLinks) -> MarkdownDocument {
        MarkdownDocument(html: "<div class=\"markdown\"><pre>\(text)</pre></div>")
    }
}
