/// Markdown as it will look.
package struct PreviewPage: Sendable {
    package let header: RepositoryHeader
    package let text: String

    package init(header: RepositoryHeader, text: String) {
        self.header = header
        self.text = text
    }

    package func page(_ context: PageContext) -> Page {
        let html = ProseText.view(text, in: header, context)
        return Page(
            title: "\(context.t.previewTitle) · \(header.path)", section: header.kind.section,
            body: "<h1>\(context.t.previewTitle)</h1><div class=\"prose\">\(html)</div>", fragments: ["preview": html])
    }
}

/// What people write in comments and cards, as it is shown.
enum ProseText {
    static func view(_ text: String, in header: RepositoryHeader, _ context: PageContext) -> HTML {
        let paragraphs = text.split(separator: "\n\n").map { part -> HTML in "<p class=\"plain-text\">\(part)</p>" }
        return paragraphs.joined()
    }
}
