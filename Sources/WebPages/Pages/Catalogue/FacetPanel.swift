/// What a list can be narrowed to in one respect, with how many there are of each.
package struct Facet: Sendable, Hashable {
    package struct Choice: Sendable, Hashable {
        package let value: String
        package let label: String
        package let count: Int
        package let isChosen: Bool

        package init(value: String, label: String, count: Int, isChosen: Bool) {
            self.value = value
            self.label = label
            self.count = count
            self.isChosen = isChosen
        }
    }

    /// Of the parameter.
    package let name: String
    package let title: String
    package let choices: [Choice]

    package init(name: String, title: String, choices: [Choice]) {
        self.name = name
        self.title = title
        self.choices = choices
    }

    var isChosen: Bool { choices.contains(where: \.isChosen) }
}

/// The form beside a list: boxes to tick, which work without scripts.
enum FacetPanel {
    /// Choices that are shown before the rest is asked for.
    private static let shown = 7
    /// Above this many there is a field to look among them.
    private static let searched = 12

    static func view(_ facets: [Facet], _ address: ListAddress, _ context: PageContext) -> HTML {
        let t = context.t
        let names = Set(facets.map(\.name))
        let kept = address.parts.filter { !names.contains($0.name) && !["cursor", "from", "q"].contains($0.name) }
        let chosen = facets.reduce(0) { $0 + $1.choices.count(where: \.isChosen) }
        let hidden = kept.map { part -> HTML in "<input type=\"hidden\" name=\"\(part.name)\" value=\"\(part.value)\">"
        }
        let groups = facets.filter { !$0.choices.isEmpty }.enumerated().map { group($1, isOpen: $0 < 4, context) }
        return """
            <form id="filters" class="filters" method="get" action=\(url: address.path) hx-get=\(url: address.path) \
            hx-target="#catalogue" hx-swap="outerHTML" hx-push-url="true" hx-trigger="change, submit" \
            aria-label="\(t.facetFilters)">\(each: hidden)\
            <details class="filters-fold"><summary>\(t.facetFiltersChosen(chosen))</summary>\
            <div class="filters-groups" data-island=\(url: context.assets.own("facets.mjs"))>\(each: groups)\
            <p class="filters-apply">\(Button.submit(t.facetApply))</p></div></details></form>
            """
    }

    private static func group(_ facet: Facet, isOpen: Bool, _ context: PageContext) -> HTML {
        let t = context.t
        // What is chosen stands on top, however many others there are.
        let ordered = facet.choices.filter(\.isChosen) + facet.choices.filter { !$0.isChosen }
        let lines = ordered.enumerated().map { choice($1, facet, $0, context.t) }
        let first = lines.prefix(max(shown, ordered.count(where: \.isChosen)))
        let rest = lines.dropFirst(first.count)
        let field: HTML? =
            lines.count > searched
            ? """
            <input class="facet-search" type="search" hidden data-facet-search autocomplete="off" \
            placeholder="\(t.facetSearch)" aria-label="\(t.facetSearchIn(facet.title))">
            """ : nil
        let more: HTML? =
            rest.isEmpty
            ? nil
            : """
            <details class="facet-more"><summary>\(t.facetMore(rest.count))</summary>\(each: rest)</details>
            """
        return """
            <details class="facet"\(flag: "open", isOpen || facet.isChosen)><summary>\(facet.title)</summary>\
            <fieldset><legend class="hidden">\(facet.title)</legend>\(field)\(each: first)\(more)</fieldset></details>
            """
    }

    private static func choice(_ choice: Facet.Choice, _ facet: Facet, _ number: Int, _ t: L10n) -> HTML {
        let id = "facet-\(facet.name)-\(number)"
        return """
            <label class="facet-choice" for="\(id)"><input type="checkbox" id="\(id)" name="\(facet.name)" \
            value="\(choice.value)"\(flag: "checked", choice.isChosen)><span class="facet-label">\(choice.label)</span>\
            <span class="facet-count">\(t.number(choice.count))</span></label>
            """
    }

    /// What the list is narrowed to, each to be taken away.
    static func chips(_ facets: [Facet], _ address: ListAddress, _ context: PageContext) -> HTML {
        let t = context.t
        var filters: [FilterChips.Filter] = []
        if let words = address.first("q") {
            filters.append(FilterChips.Filter(t.facetWords(words), without: address.setting("q", to: nil).text))
        }
        for facet in facets {
            for choice in facet.choices where choice.isChosen {
                filters.append(
                    FilterChips.Filter(
                        t.facetChosen(facet.title, choice.label),
                        without: address.removing(facet.name, choice.value).text))
            }
        }
        let cleared = address.dropping(Set(facets.map(\.name) + ["q"])).text
        return FilterChips.view(filters, cleared: cleared, context)
    }
}
