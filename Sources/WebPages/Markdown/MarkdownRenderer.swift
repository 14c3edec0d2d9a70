/// Turns the Markdown that people wrote into markup.
package protocol MarkdownRenderer: Sendable {
    /// - Parameters:
    ///   - text: without the metadata in front of it; ``FrontMatter`` splits the two.
    ///   - links: where addresses in it lead.
    func render(_ text: String, links: MarkdownLinks) -> MarkdownDocument
}
