/// A list of repositories of one kind, with what it is and can be narrowed to.
package struct RepositoryListPage: Sendable {
    package enum Source: String, Sendable, CaseIterable {
        case all, local, upstream
    }

    package struct Order: Sendable, Hashable {
        package let word: String
        package let label: String

        package init(word: String, label: String) {
            self.word = word
            self.label = label
        }
    }

    package var kind: CatalogueKind
    package var address: ListAddress
    package var source: Source = .all
    /// Of the whole list.
    package var total: Int = 0
    package var rows: [RepositoryRow] = []
    /// The place of the first row in the list, from 0.
    package var from = 0
    package var pageSize = 30
    package var nextCursor: String?
    /// Nil on the first page.
    package var previous: PreviousPlace?
    package var facets: [Facet] = []
    package var orders: [Order] = []
    package var order = ""
    package var upstreams: [UpstreamPart] = []
    /// Whether upstreams are shown only to those who sign in.
    package var needsAccount = false
    package var mayCreate = false

    package init(kind: CatalogueKind, address: ListAddress) {
        self.kind = kind
        self.address = address
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        var fragments = Dictionary(uniqueKeysWithValues: upstreams.map { ($0.id, $0.view(context)) })
        let body = body(context)
        fragments["catalogue"] = body
        return Page(title: title(t), section: kind.section, body: body, fragments: fragments)
    }

    private func title(_ t: L10n) -> String {
        let task = address.first("task").map { TaskNames.name($0, t) }
        return task.map { t.listTitle(t.kindsName(kind), $0) } ?? t.kindsName(kind)
    }

    private func body(_ context: PageContext) -> HTML {
        return """
            <div id="catalogue" class="catalogue">\(head(context))\
            <div class="catalogue-body">\(FacetPanel.view(facets, address, context))\
            <div class="results">\(toolbar(context))\(FacetPanel.chips(facets, address, context))\
            \(local(context))\(upstreamPart(context))</div></div></div>
            """
    }

    private func head(_ context: PageContext) -> HTML {
        let t = context.t
        let new: HTML? = mayCreate ? Button.link(t.new, to: "/new?kind=\(kind.rawValue)", icon: "plus") : nil
        let note: HTML = "<span class=\"list-count\" id=\"list-count\">\(t.listCount(total, t.number(total)))</span>"
        return """
            \(PageHead.view(t.kindsName(kind), note: note, actions: "\(sourceSwitch(context))\(new)"))\
            \(definition(context))
            """
    }

    /// What a task or a licence is, where the list is about one.
    private func definition(_ context: PageContext) -> HTML? {
        let t = context.t
        let tasks = address.parts.filter { $0.name == "task" }
        let licenses = address.parts.filter { $0.name == "license" }
        var name: String?
        var text: String?
        if tasks.count == 1, let task = tasks.first?.value {
            (name, text) = (TaskNames.name(task, t), TaskNames.definition(task, t))
        } else if licenses.count == 1, let license = licenses.first?.value {
            (name, text) = (LicenseNames.name(license, t), LicenseNames.definition(license, t))
        }
        guard let name, let text else { return nil }
        return "<p class=\"definition\"><strong>\(name)</strong> \(text)</p>"
    }

    private func sourceSwitch(_ context: PageContext) -> HTML {
        let t = context.t
        let choices = Source.allCases.map { source -> SourceSwitch.Choice in
            let label =
                switch source {
                case .all: t.sourceAll
                case .local: t.sourceLocal
                case .upstream: t.sourceUpstream
                }
            let target = address.dropping(["upstream"]).setting("source", to: source == .all ? nil : source.rawValue)
            return SourceSwitch.Choice(label, target.text, isCurrent: source == self.source)
        }
        return SourceSwitch.view(t.sourceSwitch, choices)
    }

    private func toolbar(_ context: PageContext) -> HTML {
        let t = context.t
        let links = orders.map { order -> HTML in
            let target = address.setting("sort", to: order.word)
            let isCurrent = order.word == self.order
            return
                "<a href=\(url: target.text)\(attribute: "aria-current", isCurrent ? "true" : nil)>\(order.label)</a>"
        }
        return """
            <div class="toolbar"><div class="list-search"><label class="hidden" for="list-search">\(t.listSearch(t.kindsName(kind)))</label>\
            <input id="list-search" type="search" name="q" form="filters" maxlength="200" autocomplete="off" \
            placeholder="\(t.listSearch(t.kindsName(kind)))"\(attribute: "value", address.first("q"))></div>\
            <nav class="sorts" aria-label="\(t.listSort)"><span class="sorts-label">\(t.listSort)</span>\(each: links)</nav>\(DensityButton.view(t))</div>
            """
    }

    private func local(_ context: PageContext) -> HTML {
        let t = context.t
        guard source != .upstream || !rows.isEmpty else { return HTML() }
        guard !rows.isEmpty else { return emptiness(context) }
        let end = from + rows.count
        let next = nextCursor.map { address.page(at: $0, from: end).text }
        let before = previous.map { address.page(before: $0, from: max(0, from - pageSize)).text }
        // A page that is the second has the first before it already.
        let first = from > 0 && previous != .first ? address.setting("cursor", to: nil).text : nil
        let range = t.listRange(t.number(from + 1), t.number(end), t.number(total))
        return """
            \(RepositoryList.view(rows, id: "repositories", context))\
            <nav class="pager" aria-label="\(t.pages)"><span class="pager-note">\(range)</span>\
            \(first.map { link -> HTML in "<a class=\"button\" href=\(url: link)>« \(t.listFirstPage)</a>" })\
            \(before.map { link -> HTML in "<a class=\"button\" rel=\"prev\" href=\(url: link)>‹ \(t.previousPage)</a>" })\
            \(next.map { link -> HTML in "<a class=\"button\" rel=\"next\" href=\(url: link)>\(t.nextPage) ›</a>" })</nav>
            """
    }

    private func emptiness(_ context: PageContext) -> HTML {
        let t = context.t
        let isNarrowed = !FacetPanel.chips(facets, address, context).isEmpty
        if isNarrowed {
            let clear = ListAddress(path: address.path).text
            return Empty.view(
                title: t.listNothingFits, text: t.listNothingFitsText,
                action: Button.link(t.facetClear, to: clear), context)
        }
        let command =
            switch kind {
            case .model, .dataset, .space:
                "HF_ENDPOINT=\(context.siteURL) hf upload \(kind == .model ? "" : "--repo-type \(kind.rawValue) ")me/my-\(kind.rawValue) ."
            case .code, .prompt, .mcpserver, .skill:
                "git push \(context.siteURL)/\(kind == .mcpserver ? "mcpservers" : kind.plural)/me/my-\(kind.rawValue).git main"
            }
        return Empty.view(
            title: t.listEmpty(t.kindsName(kind)), text: t.listEmptyText,
            action: mayCreate ? Button.link(t.new, to: "/new?kind=\(kind.rawValue)", style: .primary) : nil,
            command: command, context)
    }

    private func upstreamPart(_ context: PageContext) -> HTML {
        let t = context.t
        if needsAccount {
            return """
                <p class="hint">\(t.upstreamNeedsAccount) \
                <a href=\(url: "/login?next=\(URLText.component(context.address))")>\(t.signIn)</a></p>
                """
        }
        guard !upstreams.isEmpty else {
            return source == .upstream && rows.isEmpty ? "<p class=\"hint\">\(t.upstreamNone)</p>" : HTML()
        }
        return "<div class=\"upstreams\">\(each: upstreams.map { $0.view(context) })</div>"
    }
}
