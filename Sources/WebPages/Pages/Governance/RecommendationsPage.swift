/// What fits somebody best, with every reason.
package struct RecommendationsPage: Sendable {
    package struct Item: Sendable, Hashable {
        package let name: String
        /// As in `model:acme/demo`; nil for what no mirror would bring.
        package let repository: String?
        package let address: String?
        package let isHere: Bool
        package let upstream: String?
        package let license: String?
        package let task: String?
        package let parameters: Int64?
        package let bytesToFetch: Int64?
        package let reasons: [String]
        package let isForReview: Bool

        package init(
            name: String, repository: String?, address: String?, isHere: Bool, upstream: String?, license: String?,
            task: String?, parameters: Int64?, bytesToFetch: Int64?, reasons: [String], isForReview: Bool
        ) {
            self.name = name
            self.repository = repository
            self.address = address
            self.isHere = isHere
            self.upstream = upstream
            self.license = license
            self.task = task
            self.parameters = parameters
            self.bytesToFetch = bytesToFetch
            self.reasons = reasons
            self.isForReview = isForReview
        }
    }

    package let items: [Item]
    package let considered: Int
    package let organisations: [String]
    package let organisation: String
    package let kind: String
    package let task: String
    package let mayMirror: Bool
    package let problem: String?
    package let done: String?

    package init(
        items: [Item], considered: Int, organisations: [String], organisation: String, kind: String, task: String,
        mayMirror: Bool, problem: String?, done: String?
    ) {
        self.items = items
        self.considered = considered
        self.organisations = organisations
        self.organisation = organisation
        self.kind = kind
        self.task = task
        self.mayMirror = mayMirror
        self.problem = problem
        self.done = done
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let list: HTML =
            items.isEmpty
            ? Empty.view(title: t.recommendNoneTitle, text: t.recommendNone, command: "weir recommend", context)
            : """
            <ul class="recommended">\(each: items.map { item($0, context) })</ul>\
            <p class="hint">\(t.recommendConsidered(considered))</p>
            """
        let content: HTML = """
            \(PageHead.view(t.recommendationsTitle, note: HTML(text: t.recommendationsNote)))\
            \(done.flatMap(t.syncDone).map { Alert.view(.ok, title: $0) })\(problem.map { Alert.view(.bad, title: $0) })\
            \(form(t))\(list)
            """
        let body = ConsoleShell.view(current: .recommendations, context: context, content: content)
        return Page(title: t.recommendationsTitle, section: .console, body: body)
    }

    private func form(_ t: L10n) -> HTML {
        let people = [("", t.recommendSelf)] + organisations.map { ($0, $0) }
        let kinds = ["model", "dataset"].map { ($0, t.recommendKindName($0)) }
        return """
            <form class="inline-form filter-form" method="get" action="/console/recommendations">\
            \(Form.field(t.recommendFor, for: "organization", Form.select("organization", id: "organization", options: people, selected: organisation)))\
            \(Form.field(t.recommendKind, for: "kind", Form.select("kind", id: "kind", options: kinds, selected: kind)))\
            \(Form.field(t.recommendTask, for: "task", Form.input("task", id: "task", value: task, placeholder: "text-generation", maximum: 100)))\
            \(Button.submit(t.recommendShow))</form>
            """
    }

    private func item(_ item: Item, _ context: PageContext) -> HTML {
        let t = context.t
        var facts: [String] = []
        if let task = item.task { facts.append(task) }
        if let parameters = item.parameters { facts.append(t.compact(parameters)) }
        if let license = item.license { facts.append(license) }
        if let bytes = item.bytesToFetch, bytes > 0, !item.isHere { facts.append(t.bytes(bytes)) }
        if let upstream = item.upstream, !item.isHere { facts.append(t.recommendFrom(upstream)) }
        let name: HTML =
            item.address.map { address -> HTML in "<a href=\(url: address)>\(item.name)</a>" } ?? HTML(text: item.name)
        let reasons = item.reasons.map { reason -> HTML in "<li>\(reason)</li>" }
        return """
            <li><div><h2>\(name)</h2><p>\(facts.joined(separator: " · "))</p>\
            \(if: !reasons.isEmpty, "<details><summary>\(t.recommendMore): \(item.reasons.first)</summary><ul>\(each: reasons)</ul></details>")</div>\
            \(action(item, context))</li>
            """
    }

    private func action(_ item: Item, _ context: PageContext) -> HTML {
        let t = context.t
        if item.isHere { return StateChip(.ok, icon: "check", text: t.recommendHere).view }
        if item.isForReview { return StateChip(.warn, icon: "clock", text: t.explainHeld).view }
        guard mayMirror, let repository = item.repository else { return MirrorState.notMirrored.chip(t).view }
        return Form.button(
            t.recommendMirror, to: "/console/sync/start",
            fields: [("repo", repository), ("next", context.address)], style: .primary, icon: "download", context)
    }
}
