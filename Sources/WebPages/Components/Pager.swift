/// To the page before and the one after.
package enum Pager {
    /// - Parameters:
    ///   - previous: nil on the first page.
    ///   - note: such as "1–30 of 12,408".
    package static func view(previous: String?, next: String?, note: String? = nil, _ context: PageContext) -> HTML {
        guard previous != nil || next != nil || note != nil else { return HTML() }
        return """
            <nav class="pager" aria-label="\(context.t.pages)">\
            \(note.map { note -> HTML in "<span class=\"pager-note\">\(note)</span>" })\
            \(previous.map { link -> HTML in "<a class=\"button\" rel=\"prev\" href=\(url: link)>‹ \(context.t.previousPage)</a>" })\
            \(next.map { link -> HTML in "<a class=\"button\" rel=\"next\" href=\(url: link)>\(context.t.nextPage) ›</a>" })</nav>
            """
    }
}
