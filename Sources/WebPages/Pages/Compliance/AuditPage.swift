/// The record of changes.
package struct AuditPage: Sendable {
    package struct Record: Sendable {
        let sequence: Int64
        let at: Int64
        let actor: String
        let action: String
        let object: String
        /// JSON.
        let detail: String
        let hash: String

        package init(
            sequence: Int64, at: Int64, actor: String, action: String, object: String, detail: String, hash: String
        ) {
            self.sequence = sequence
            self.at = at
            self.actor = actor
            self.action = action
            self.object = object
            self.detail = detail
            self.hash = hash
        }
    }

    /// What was asked for, as it was written.
    package struct Filter: Sendable {
        package var organisation = ""
        package var actor = ""
        package var action = ""
        package var object = ""
        package var since = ""
        package var until = ""

        package init() {}

        var pairs: [(String, String)] {
            [
                ("org", organisation), ("actor", actor), ("action", action), ("object", object), ("since", since),
                ("until", until),
            ].filter { !$0.1.isEmpty }
        }

        /// The query that asks for the same.
        package func query(_ more: [(String, String)] = []) -> String {
            let pairs = (pairs + more).map { "\($0.0)=\(URLText.component($0.1))" }
            return pairs.isEmpty ? "" : "?\(pairs.joined(separator: "&"))"
        }
    }

    package enum Chain: Sendable { case whole(Int64), broken(Int64) }

    let filter: Filter
    let records: [Record]
    let next: Int64?
    let isFirst: Bool
    let chain: Chain?
    let canCheck: Bool
    let problems: [String: String]

    /// - Parameters:
    ///   - chain: what came of checking it; nil where nobody asked.
    ///   - canCheck: whether it is the record of the whole hub.
    package init(
        filter: Filter, records: [Record], next: Int64?, isFirst: Bool, chain: Chain?, canCheck: Bool,
        problems: [String: String] = [:]
    ) {
        self.filter = filter
        self.records = records
        self.next = next
        self.isFirst = isFirst
        self.chain = chain
        self.canCheck = canCheck
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let actions: HTML = """
            \(if: canCheck, Button.link(t.complianceCheckChain, to: "/console/audit\(filter.query([("check", "1")]))",
                icon: "shield-check"))\
            \(Button.link(t.complianceExportLines, to: "/console/audit/export\(filter.query())", icon: "download"))
            """
        let list =
            records.isEmpty
            ? Empty.view(
                title: t.complianceNoRecords, text: t.complianceNoRecordsText, command: "weir audit export", context)
            : table(context)
        return ConsoleFrame.page(
            .audit, t.complianceAudit, note: t.complianceAuditNote, actions: actions,
            status: problems.isEmpty ? 200 : 400,
            """
            \(chain.map { outcome($0, t) })\(form(context))\(list)\
            \(Pager.view(
                previous: isFirst ? nil : "/console/audit\(filter.query())",
                next: next.map { "/console/audit\(filter.query([("before", String($0))]))" }, context))
            """, context)
    }

    private func outcome(_ chain: Chain, _ t: L10n) -> HTML {
        switch chain {
        case .whole(let count): "<div role=\"status\">\(Alert.view(.ok, title: t.complianceChainWhole(count)))</div>"
        case .broken(let sequence): Alert.view(.bad, title: t.complianceChainBroken(sequence))
        }
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        func input(_ name: String, _ label: String, _ value: String, type: String = "text", hint: String? = nil)
            -> HTML
        {
            let problem = problems[name]
            return Form.field(
                label, for: name, problem: problem,
                Form.input(
                    name, id: name, value: value, type: type, placeholder: hint, autocomplete: "off", maximum: 250,
                    describedBy: problem == nil ? nil : "\(name)-problem", isWrong: problem != nil))
        }
        return """
            <form class="form-row filter-line" method="get" action="/console/audit" role="search">\
            \(input("actor", t.complianceActor, filter.actor))\
            \(input("action", t.complianceAction, filter.action, hint: t.complianceActionHint))\
            \(input("object", t.complianceObject, filter.object, hint: t.complianceRepositoryHint))\
            \(input("since", t.complianceSinceDay, filter.since, type: "date"))\
            \(input("until", t.complianceUntilDay, filter.until, type: "date"))\
            \(input("org", t.complianceScope, filter.organisation))\
            <p class="actions">\(Button.submit(t.complianceFilter, style: .primary))\
            \(if: !filter.pairs.isEmpty, Button.link(t.complianceClear, to: "/console/audit", style: .quiet))</p></form>
            """
    }

    private func table(_ context: PageContext) -> HTML {
        let t = context.t
        let rows = records.map { record -> [HTML] in
            [
                HTML(text: t.number(record.sequence)), TimeText.view(record.at, context),
                "<a href=\(url: "/console/audit?actor=\(URLText.component(record.actor))")>\(record.actor)</a>",
                "<code>\(record.action)</code>", "<span class=\"break\">\(record.object)</span>",
                record.detail == "null" || record.detail.isEmpty
                    ? "–"
                    : """
                    <details class="words"><summary>\(t.complianceShow)<span class="hidden"> \(record.sequence)</span>\
                    </summary><pre tabindex="0"><code>\(record.detail)</code></pre></details>
                    """,
                CopyText.digest(record.hash, context),
            ]
        }
        return DataTable.view(
            t.complianceAudit,
            columns: [
                .init(t.complianceIndex, isNumber: true, sorted: "descending"), .init(t.complianceWhen),
                .init(t.complianceActor), .init(t.complianceAction), .init(t.complianceObject),
                .init(t.complianceDetails), .init(t.complianceHash),
            ], rows: rows)
    }
}
