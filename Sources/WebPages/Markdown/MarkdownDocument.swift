/// Markdown, made into markup that is safe to show.
package struct MarkdownDocument: Sendable {
    /// An entry of a table of contents.
    package struct Heading: Sendable, Hashable {
        /// As it is written on the page, from the renderer's first level on, without gaps.
        package let level: Int
        /// What `#` leads to.
        package let id: String
        package let text: String

        package init(level: Int, id: String, text: String) {
            self.level = level
            self.id = id
            self.text = text
        }
    }

    /// In a `<div class="markdown">` of its own, with the scripts that it needs named on it.
    package let html: HTML
    package let headings: [Heading]
    /// Whether the text or what became of it was too long, and the rest is missing.
    package let isTruncated: Bool
    package let hasMath: Bool
    package let hasDiagrams: Bool

    package init(
        html: HTML, headings: [Heading] = [], isTruncated: Bool = false, hasMath: Bool = false,
        hasDiagrams: Bool = false
    ) {
        self.html = html
        self.headings = headings
        self.isTruncated = isTruncated
        self.hasMath = hasMath
        self.hasDiagrams = hasDiagrams
    }
}
