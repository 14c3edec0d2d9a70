/// Markdown as cards, files and comments use it: that of GitHub, with math and diagrams.
///
/// The parser is md4c; every tag is written by us (web-ui.md §2.3). Takes time in proportion to the text, of which half a
/// mebibyte is read at most.
package struct CardMarkdown: MarkdownRenderer {
    let context: PageContext
    /// Of the highest heading; the page has one above it.
    let firstLevel: Int
    /// What tells its ids from those of other documents on the page.
    let prefix: String

    /// Bytes that are written.
    static let limit = 4 << 20

    /// - Parameters:
    ///   - firstLevel: of its headings.
    ///   - name: small letters and digits, of one of several documents on a page; such as `c12` for a comment.
    package init(_ context: PageContext, firstLevel: Int = 2, name: String? = nil) {
        self.context = context
        self.firstLevel = firstLevel
        prefix = name.map { "md-\($0)-" } ?? "md-"
    }

    package func render(_ text: String, links: MarkdownLinks) -> MarkdownDocument {
        var preparation = MarkdownPreparation()
        let prepared = preparation.prepared(text)
        let writer = MarkdownWriter(
            formulas: preparation.math.formulas, t: context.t,
            outline: HeadingOutline(firstLevel: firstLevel, prefix: prefix), limit: Self.limit)
        let emitter = MarkdownEmitter(
            writer: writer, addresses: MarkdownAddresses(links: links, prefix: prefix), context: context)
        emitter.run(prepared)
        let hasMath = emitter.hasMath || !preparation.math.formulas.isEmpty
        let isTruncated = preparation.isTruncated || emitter.isCut || emitter.writer.isFull
        let island = hasMath && context.assets.vendor("katex/katex.js") != nil ? context.assets.own("math.mjs") : nil
        let notice: HTML? = isTruncated ? "<p class=\"md-cut\">\(context.t.documentCut)</p>" : nil
        return MarkdownDocument(
            html: """
                <div class="markdown"\(attribute: "data-island", island)>\
                \(HTML(trusted: emitter.writer.out))\(notice)</div>
                """,
            headings: emitter.writer.outline.headings, isTruncated: isTruncated, hasMath: hasMath,
            hasDiagrams: emitter.hasDiagrams)
    }
}
