/// What fits some words: repositories of every kind, and people.
package struct SearchPage: Sendable {
    package struct Person: Sendable, Hashable {
        package let name: String
        package let fullName: String
        package let isOrganisation: Bool

        package init(name: String, fullName: String, isOrganisation: Bool) {
            self.name = name
            self.fullName = fullName
            self.isOrganisation = isOrganisation
        }

        func view(_ t: L10n) -> HTML {
            let kind = isOrganisation ? t.searchOrganisation : t.searchPerson
            let note = fullName.isEmpty || fullName == name ? kind : fullName
            return """
                <li><a href=\(url: "/\(URLText.component(name))")>\(Icon.view(isOrganisation ? "users" : "user"))\
                <span>\(name)</span></a> <span class="person-note">\(note)</span></li>
                """
        }
    }

    package let text: String
    package let address: ListAddress
    package var kind: CatalogueKind?
    package var rows: [RepositoryRow] = []
    package var counts: [(kind: CatalogueKind, count: Int)] = []
    package var total = 0
    package var from = 0
    package var pageSize = 30
    package var nextCursor: String?
    /// Nil on the first page.
    package var previous: PreviousPlace?
    package var people: [Person] = []
    package var hasUpstreams = false

    package init(text: String, address: ListAddress) {
        self.text = text
        self.address = address
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let title = text.isEmpty ? t.search : t.searchFor(text)
        let body: HTML = """
            \(PageHead.view(title))\(field(context))\(tabs(context))\(persons(context))\(results(context))
            """
        return Page(title: title, body: body)
    }

    private func field(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            <form class="search-form" action="/search" method="get" role="search" aria-label="\(t.searchHint)">\
            <label class="hidden" for="search-words">\(t.searchHint)</label>\
            <input id="search-words" type="search" name="q" maxlength="200" value="\(text)" placeholder="\(t.searchHint)">\
            \(Button.submit(t.search, style: .primary))</form>
            """
    }

    private func tabs(_ context: PageContext) -> HTML {
        let t = context.t
        let all = counts.reduce(0) { $0 + $1.count }
        guard all > 0 else { return HTML() }
        let first = Tabs.Tab(
            t.sourceAll, address.setting("kind", to: nil).text, note: t.number(all), isCurrent: kind == nil)
        return Tabs.view(
            t.searchKinds,
            [first]
                + counts.map { kind, count in
                    Tabs.Tab(
                        t.kindsName(kind), address.setting("kind", to: kind.rawValue).text, note: t.number(count),
                        isCurrent: kind == self.kind)
                })
    }

    private func persons(_ context: PageContext) -> HTML {
        guard !people.isEmpty else { return HTML() }
        return """
            <section class="people" aria-label="\(context.t.searchPeople)"><h2>\(context.t.searchPeople)</h2>\
            <ul class="person-list">\(each: people.map { $0.view(context.t) })</ul></section>
            """
    }

    private func results(_ context: PageContext) -> HTML {
        let t = context.t
        guard !text.isEmpty else { return "<p class=\"hint\">\(t.searchNothingAsked)</p>" }
        let upstream: HTML? =
            hasUpstreams
            ? """
            <p class="hint"><a href=\(url: "/models?source=upstream&q=\(URLText.component(text))")>\(t.searchUpstream)</a></p>
            """ : nil
        guard !rows.isEmpty else {
            let nothing = Empty.view(title: t.searchNothing(text), text: t.searchNothingText, context)
            return "\(if: people.isEmpty, nothing)\(upstream)"
        }
        let end = from + rows.count
        let next = nextCursor.map { address.page(at: $0, from: end).text }
        let before = previous.map { address.page(before: $0, from: max(0, from - pageSize)).text }
        return """
            <h2 class="hidden">\(t.searchRepositories)</h2>\(RepositoryList.view(rows, level: 3, context))\
            \(Pager.view(previous: before, next: next, note: t.listRange(t.number(from + 1), t.number(end), t.number(total)), context))\
            \(upstream)
            """
    }
}
