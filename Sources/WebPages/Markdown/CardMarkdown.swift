/// Markdown as cards, files and comments use it: that of GitHub, with math and diagrams.
///
/// The parser is md4c; every tag is written by us (web-ui.md §2.3). Takes time in proportion to the text, of which half a
/// mebibyte is read at most.
package struct CardMarkdown: MarkdownRenderer {
    let context: PageContext
    /// Of the highest heading; the page has one above it.
    let firstLevel: Int

    /// Bytes that are written.
    static let limit = 4 << 20

    package init(_ context: PageContext, firstLevel: Int = 2) {
        self.context = context
        self.firstLevel = firstLevel
    }

    package func render(_ text: String, links: MarkdownLinks) -> MarkdownDocument {
        var preparation = MarkdownPreparation()
        let prepared = preparation.prepared(text)
        let writer = MarkdownWriter(
            formulas: preparation.math.formulas, t: context.t, firstLevel: firstLevel, limit: Self.limit)
        let emitter = MarkdownEmitter(writer: writer, addresses: MarkdownAddresses(links: links), context: context)
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
