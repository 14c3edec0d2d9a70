/// What a list is narrowed by, each with the address of the list without it.
package enum FilterChips {
    package struct Filter: Sendable {
        package let label: String
        package let without: String

        package init(_ label: String, without: String) {
            self.label = label
            self.without = without
        }
    }

    /// - Parameter cleared: the list without any; nothing is shown when nothing is set.
    package static func view(_ filters: [Filter], cleared: String, _ context: PageContext) -> HTML {
        guard !filters.isEmpty else { return HTML() }
        let t = context.t
        let items = filters.map { filter -> HTML in
            """
            <li><a href=\(url: filter.without) aria-label="\(t.removeFilter(filter.label))">\
            <span>\(filter.label)</span><span aria-hidden="true">×</span></a></li>
            """
        }
        let clear: HTML = "<li><a class=\"clear\" href=\(url: cleared)>\(t.clearFilters)</a></li>"
        return """
            <ul class="filter-chips" aria-label="\(t.activeFilters)">\(each: items)\(if: filters.count > 1, clear)</ul>
            """
    }
}
