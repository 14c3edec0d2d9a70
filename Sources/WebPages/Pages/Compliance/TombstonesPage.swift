/// What was taken away, and taking something away.
package struct TombstonesPage: Sendable {
    package struct Stone: Sendable {
        let id: Int64
        let target: String
        let reason: String
        let peer: String?
        let by: String
        let at: Int64
        let liftedAt: Int64?

        package init(
            id: Int64, target: String, reason: String, peer: String?, by: String, at: Int64, liftedAt: Int64?
        ) {
            self.id = id
            self.target = target
            self.reason = reason
            self.peer = peer
            self.by = by
            self.at = at
            self.liftedAt = liftedAt
        }
    }

    /// What would be touched.
    package struct Radius: Sendable {
        package var holders: [(repository: String, address: String, path: String?)] = []
        package var pulls: [(account: String, repository: String, lastAt: Int64, count: Int64)] = []
        package var descendants: [(repository: String, address: String)] = []
        package var bundles: [String] = []
        package var hasMore = false

        package init() {}
    }

    package struct Content: Sendable {
        package var stones: [Stone] = []
        package var next: Int64?
        package var isFirst = true
        package var canBury = false
        package var canAsk = false
        /// What somebody is about to bury, as it was written.
        package var target = ""
        package var radius: Radius?
        package var reason = ""
        package var notice: String?
        package var problems: [String: String] = [:]

        package init() {}
    }

    let content: Content

    package init(_ content: Content) { self.content = content }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let list =
            content.stones.isEmpty
            ? Empty.view(
                title: t.complianceNoTombstones, text: t.complianceNoTombstonesText,
                command: "weir tombstone add model:acme/demo --reason '…'", context) : table(context)
        return ConsoleFrame.page(
            .tombstones, t.complianceTombstones, note: t.complianceTombstonesNote, notice: content.notice,
            status: content.problems.isEmpty ? 200 : 400,
            """
            \(if: content.canAsk, Panel.view(t.complianceBuryTitle, id: "bury", bury(context)))\(list)\
            \(Pager.view(
                previous: content.isFirst ? nil : "/console/tombstones",
                next: content.next.map { "/console/tombstones?since=\($0)" }, context))
            """, context)
    }

    private func table(_ context: PageContext) -> HTML {
        let t = context.t
        var columns: [DataTable.Column] = [
            .init(t.complianceIndex, isNumber: true), .init(t.complianceTarget), .init(t.complianceWhy),
            .init(t.complianceBy), .init(t.complianceWhen, sorted: "ascending"), .init(t.complianceState),
        ]
        if content.canBury { columns.append(.init(t.accountActions)) }
        let rows = content.stones.map { stone -> [HTML] in
            var cells: [HTML] = [
                HTML(text: t.number(stone.id)), "<code class=\"break\">\(stone.target)</code>",
                HTML(text: stone.reason),
                "\(stone.by)\(stone.peer.map { peer -> HTML in " <span class=\"hint\">\(t.complianceTold(peer))</span>" })",
                TimeText.view(stone.at, context),
                stone.liftedAt == nil
                    ? StateChip(.bad, icon: "ban", text: t.complianceInForce).view
                    : StateChip(.neutral, icon: "check", text: t.complianceLifted).view,
            ]
            if content.canBury {
                let note = Form.field(
                    t.complianceLiftNote, for: "note-\(stone.id)",
                    Form.input("note", id: "note-\(stone.id)", autocomplete: "off", maximum: 1_000))
                cells.append(
                    stone.liftedAt == nil
                        ? Confirmation.view(
                            t.complianceLift, warning: t.complianceLiftWarning, action: "/console/tombstones",
                            fields: [("do", "lift"), ("tombstone", String(stone.id))], subject: stone.target,
                            extra: note, context) : "–")
            }
            return cells
        }
        return DataTable.view(t.complianceTombstones, columns: columns, rows: rows)
    }

    private func bury(_ context: PageContext) -> HTML {
        let t = context.t
        let problem = content.problems["target"]
        let ask: HTML = """
            <form class="form-row" method="get" action="/console/tombstones">\
            \(Form.field(t.complianceTarget, for: "target", hint: t.complianceTargetHint, problem: problem,
                Form.input("target", id: "target", value: content.target, required: true, autocomplete: "off",
                    maximum: 300, describedBy: problem == nil ? "target-hint" : "target-problem",
                    isWrong: problem != nil)))\
            \(Button.submit(t.complianceRadiusShow))</form>
            """
        guard let radius = content.radius else { return ask }
        return "\(ask)\(touched(radius, context))\(if: content.canBury, confirm(context))"
    }

    private func touched(_ radius: Radius, _ context: PageContext) -> HTML {
        let t = context.t
        let figures = KPIStrip.view([
            .init(t.complianceHolders, t.number(radius.holders.count)),
            .init(t.compliancePulls, t.number(Set(radius.pulls.map(\.account)).count)),
            .init(t.complianceDescendants, t.number(radius.descendants.count)),
            .init(t.complianceBundles, t.number(radius.bundles.count)),
        ])
        func list(_ title: String, _ items: [HTML]) -> HTML {
            guard !items.isEmpty else { return HTML() }
            let lines = items.map { item -> HTML in "<li>\(item)</li>" }
            return
                "<details class=\"words\"><summary>\(title)</summary><ul class=\"plain-list\">\(each: lines)</ul></details>"
        }
        let holders = radius.holders.map { one -> HTML in
            "<a href=\(url: one.address)>\(one.repository)</a>\(one.path.map { path -> HTML in " <code>\(path)</code>" })"
        }
        let pulls = radius.pulls.map { one -> HTML in
            "\(one.account) · \(one.repository) · \(TimeText.view(one.lastAt, context)) · \(t.number(one.count))"
        }
        let descendants = radius.descendants.map { one -> HTML in
            "<a href=\(url: one.address)>\(one.repository)</a>"
        }
        return """
            <h3>\(t.complianceRadius)</h3>\(figures)\(list(t.complianceHolders, holders))\
            \(list(t.compliancePulls, pulls))\(list(t.complianceDescendants, descendants))\
            \(list(t.complianceBundles, radius.bundles.map { HTML(text: $0) }))\
            \(if: radius.hasMore, "<p class=\"hint\">\(t.complianceMore)</p>")
            """
    }

    private func confirm(_ context: PageContext) -> HTML {
        let t = context.t
        func problem(_ name: String) -> String? { content.problems[name] }
        return Form.post(
            "/console/tombstones", context, class: "form danger-form",
            """
            <h3>\(t.complianceBury)</h3><p>\(t.complianceBuryWarning)</p>\
            <input type="hidden" name="do" value="bury"><input type="hidden" name="target" value="\(content.target)">\
            \(Form.field(t.complianceWhy, for: "reason", problem: problem("reason"),
                Form.input("reason", id: "reason", value: content.reason, required: true, autocomplete: "off",
                    maximum: 1_000, describedBy: problem("reason") == nil ? nil : "reason-problem",
                    isWrong: problem("reason") != nil)))\
            \(Form.checkbox("descendants", id: "descendants", label: t.complianceWithDescendants))\
            \(Form.checkbox("digests", id: "digests", label: t.complianceWithDigests))\
            \(Form.field(t.complianceTypeTarget(content.target), for: "typed", problem: problem("typed"),
                Form.input("typed", id: "typed", required: true, autocomplete: "off", maximum: 300,
                    describedBy: problem("typed") == nil ? nil : "typed-problem", isWrong: problem("typed") != nil)))\
            <p class="actions">\(Button.submit(t.complianceBury, style: .danger))</p>
            """)
    }
}
