/// A request for a review as pages show it.
package struct ApprovalView: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        case open, approved, rejected, expired, withdrawn
    }

    package struct Reason: Sendable, Hashable {
        package let rule: String
        package let text: String
        package let place: String
        package let files: [String]

        package init(rule: String, text: String, place: String, files: [String]) {
            self.rule = rule
            self.text = text
            self.place = place
            self.files = files
        }
    }

    package struct Asker: Sendable, Hashable {
        package let name: String
        package let count: Int64
        /// Milliseconds since 1970.
        package let lastAt: Int64

        /// What it is needed for.
        package let reason: String?

        package init(name: String, count: Int64, lastAt: Int64, reason: String? = nil) {
            self.name = name
            self.count = count
            self.lastAt = lastAt
            self.reason = reason
        }
    }

    package var id: Int64
    package var repository: String
    /// Where it is shown.
    package var address: String
    package var mirror: String
    package var commit: String?
    package var revision: String
    package var state: State
    package var isQuarantined = false
    package var reasons: [Reason] = []
    package var requestedBy: String
    package var requestedAt: Int64
    package var decidedBy: String?
    package var decidedAt: Int64?
    package var note: String?
    package var scope: String?
    package var scopePath: String?
    package var expiresAt: Int64?

    package init(
        id: Int64, repository: String, address: String, mirror: String, revision: String, state: State,
        requestedBy: String, requestedAt: Int64
    ) {
        self.id = id
        self.repository = repository
        self.address = address
        self.mirror = mirror
        self.revision = revision
        self.state = state
        self.requestedBy = requestedBy
        self.requestedAt = requestedAt
    }

    func chip(_ t: L10n) -> HTML {
        switch state {
        case .open: StateChip(.warn, icon: "clock", text: t.approvalState(state)).view
        case .approved: StateChip(.ok, icon: "check", text: t.approvalState(state)).view
        case .rejected: StateChip(.bad, icon: "x", text: t.approvalState(state)).view
        case .expired, .withdrawn: StateChip(.neutral, icon: "minus", text: t.approvalState(state)).view
        }
    }
}

/// Requests for reviews.
package struct ApprovalsPage: Sendable {
    package let approvals: [ApprovalView]
    package let state: ApprovalView.State?
    package let repository: String
    package let next: String?

    package init(approvals: [ApprovalView], state: ApprovalView.State?, repository: String, next: String?) {
        self.approvals = approvals
        self.state = state
        self.repository = repository
        self.next = next
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let states: [ApprovalView.State?] = [.open, .approved, .rejected, .expired, .withdrawn, nil]
        let tabs = states.map { one in
            Tabs.Tab(
                one.map(t.approvalState) ?? t.approvalAll,
                context.address(setting: "state", to: one?.rawValue ?? "all"), isCurrent: one == state)
        }
        let content: HTML = """
            \(PageHead.view(t.approvalsTitle, note: HTML(text: t.approvalsNote)))\
            \(Tabs.view(t.stateName, tabs))\(filter(t))\(list(context))\
            \(Pager.view(previous: nil, next: next, context))
            """
        let body = ConsoleShell.view(current: .approvals, context: context, content: content)
        return Page(title: t.approvalsTitle, section: .console, body: body)
    }

    private func filter(_ t: L10n) -> HTML {
        """
        <form class="inline-form filter-form" method="get" action="/console/approvals">\
        <input type="hidden" name="state" value="\(state?.rawValue ?? "all")">\
        \(Form.field(t.syncRepository, for: "repo", Form.input("repo", id: "repo", value: repository, placeholder: "model:acme/demo", maximum: 300)))\
        \(Button.submit(t.approvalFilter))</form>
        """
    }

    private func list(_ context: PageContext) -> HTML {
        let t = context.t
        guard !approvals.isEmpty else {
            return Empty.view(
                title: t.approvalsNoneTitle, text: t.approvalsNone, command: "weir approval list", context)
        }
        let rows = approvals.map { approval -> [HTML] in
            [
                "<a href=\(url: "/console/approvals/\(approval.id)")>#\(approval.id) \(approval.repository)</a>",
                approval.chip(t),
                HTML(text: approval.reasons.first?.text ?? ""),
                HTML(text: approval.requestedBy), TimeText.view(approval.requestedAt, context),
            ]
        }
        return DataTable.view(
            t.approvalsTitle,
            columns: [
                .init(t.approvalWhat), .init(t.stateName), .init(t.approvalWhy), .init(t.approvalBy),
                .init(t.approvalWhen, sorted: "descending"),
            ], rows: rows, asCards: true)
    }
}

/// One request: why it is held, what is known of it, and the decision.
package struct ApprovalPage: Sendable {
    /// What was typed, and what was wrong with it.
    package struct Draft: Sendable, Hashable {
        package var scope = "revision"
        package var path = ""
        package var days = ""
        package var note = ""
        package var problem: String?

        package init() {}
    }

    package let approval: ApprovalView
    package let facts: [(name: String, value: String)]
    package let askers: [ApprovalView.Asker]
    package let files: [(path: String, size: Int64)]
    package let mayDecide: Bool
    /// Whether the visitor asked for it himself, and so may not approve it.
    package let isOwn: Bool
    package let draft: Draft
    package let done: String?
    /// How long an approval lasts if nothing is said, for people.
    package let usualDays: Int64?

    package init(
        approval: ApprovalView, facts: [(name: String, value: String)], askers: [ApprovalView.Asker],
        files: [(path: String, size: Int64)], mayDecide: Bool, isOwn: Bool, draft: Draft = Draft(), done: String? = nil,
        usualDays: Int64? = nil
    ) {
        self.approval = approval
        self.facts = facts
        self.askers = askers
        self.files = files
        self.mayDecide = mayDecide
        self.isOwn = isOwn
        self.draft = draft
        self.done = done
        self.usualDays = usualDays
    }

    private var address: String { "/console/approvals/\(approval.id)" }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let title = t.approvalNumber(approval.id)
        let note: HTML = """
            \(approval.chip(t)) <a href=\(url: approval.address)>\(approval.repository)</a>
            """
        let why = Button.link(
            t.approvalExplain, to: "/console/explain?repo=\(URLText.component(approval.repository))",
            icon: "circle-question-mark")
        let content: HTML = """
            \(PageHead.view(title, note: note, actions: why))\
            \(done.flatMap(t.syncDone).map { Alert.view(.ok, title: $0) })\
            <div class="job-page"><div>\(reasons(t))\(decision(context))\(evidence(t))</div>\
            <div>\(history(context))</div></div>
            """
        let body = ConsoleShell.view(current: .approvals, context: context, content: content)
        return Page(
            title: "\(title) · \(approval.repository)", section: .console, body: body,
            status: draft.problem == nil ? 200 : 422)
    }

    private func reasons(_ t: L10n) -> HTML {
        let items = approval.reasons.map { reason -> HTML in
            let files = reason.files.map { file -> HTML in "<li class=\"path\">\(file)</li>" }
            return """
                <li>\(StateChip(.warn, icon: "clock", text: t.stepHolds).view)<div class="trace-body">\
                <span class="trace-name">\(t.ruleName(reason.rule))</span><span class="trace-text">\(reason.text)</span>\
                <span class="trace-where">\(reason.place)</span>\
                \(if: !files.isEmpty, "<ul class=\"plain-list\">\(each: files)</ul>")</div></li>
                """
        }
        return Panel.view(t.approvalReasons, "<ol class=\"trace\">\(each: items)</ol>")
    }

    // MARK: The decision

    private func decision(_ context: PageContext) -> HTML {
        let t = context.t
        switch approval.state {
        case .open where mayDecide:
            return Panel.view(
                t.approvalDecide,
                "\(if: isOwn, Alert.view(.warn, title: t.approvalOwn))\(approveForm(context))\(closeForm("reject", t.approvalReject, .danger, context))"
            )
        case .open where isOwn:
            return Panel.view(
                t.approvalDecide,
                "<p>\(t.approvalWaiting)</p>\(closeForm("withdraw", t.approvalWithdraw, .plain, context))")
        case .open: return Panel.view(t.approvalDecide, "<p>\(t.approvalNotYours)</p>")
        case .approved where mayDecide:
            return Panel.view(
                t.approvalRevokeTitle,
                "<p>\(t.approvalRevokeNote)</p>\(closeForm("reject", t.approvalRevoke, .danger, context))")
        default: return HTML()
        }
    }

    private func approveForm(_ context: PageContext) -> HTML {
        let t = context.t
        let scopes =
            approval.commit == nil
            ? [("repository", t.approvalScope("repository"))]
            : ["revision", "repository", "file"].map { ($0, t.approvalScope($0)) }
        let days = [("", t.approvalUsual(usualDays))] + [7, 30, 90, 365].map { ("\($0)", t.approvalDays($0)) }
        let fields: HTML = """
            \(Form.field(t.approvalScopeName, for: "scope", Form.select("scope", id: "scope", options: scopes, selected: draft.scope)))\
            \(Form.field(t.approvalEnds, for: "days", Form.select("days", id: "days", options: days, selected: draft.days)))\
            \(Form.field(t.approvalPath, for: "path", hint: t.approvalPathHint, Form.input("path", id: "path", value: draft.path, maximum: 1_000, describedBy: "path-hint")))\
            \(Form.field(t.approvalNote, for: "note", hint: t.approvalNoteHint, problem: draft.problem, Form.textarea("note", id: "note", value: draft.note, rows: 3, required: true)))
            """
        return Form.post(
            "\(address)/approve", context, class: "form form-grid",
            "\(fields)<div class=\"actions\">\(Button.submit(t.approvalApprove, style: .primary, icon: "check"))</div>")
    }

    private func closeForm(_ word: String, _ label: String, _ style: Button.Style, _ context: PageContext) -> HTML {
        let t = context.t
        let fields: HTML = """
            \(Form.field(t.approvalNote, for: "note-\(word)", Form.input("note", id: "note-\(word)", maximum: 4_000)))\
            \(Button.submit(label, style: style))
            """
        return Form.post("\(address)/\(word)", context, class: "inline-form", fields)
    }

    // MARK: What is known

    private func evidence(_ t: L10n) -> HTML {
        let rows = files.sorted { $0.path < $1.path }.map { file -> [HTML] in
            ["<span class=\"path\">\(file.path)</span>", HTML(text: t.bytes(file.size))]
        }
        let facts = facts.map { (name: t.factName($0.name), value: HTML(text: $0.value)) }
        return """
            \(if: !facts.isEmpty, Panel.view(t.explainFacts, FactList.view(facts)))\
            \(if: !rows.isEmpty, Panel.view(t.jobFilesTitle, DataTable.view(t.jobFilesTitle, columns: [.init(t.syncFileName, sorted: "ascending"), .init(t.jobFileSize, isNumber: true)], rows: rows)))
            """
    }

    private func history(_ context: PageContext) -> HTML {
        let t = context.t
        var facts: [(name: String, value: HTML)] = [
            (t.approvalBy, HTML(text: approval.requestedBy)),
            (t.approvalWhen, TimeText.view(approval.requestedAt, context)),
            (t.jobMirror, HTML(text: approval.mirror)),
        ]
        if let commit = approval.commit { facts.append((t.approvalCommit, CopyText.digest(commit, context))) }
        if !approval.revision.isEmpty { facts.append((t.syncRevision, HTML(text: approval.revision))) }
        if let who = approval.decidedBy { facts.append((t.approvalDecidedBy, HTML(text: who))) }
        if let when = approval.decidedAt { facts.append((t.approvalDecidedAt, TimeText.view(when, context))) }
        if let scope = approval.scope { facts.append((t.approvalScopeName, HTML(text: t.approvalScope(scope)))) }
        if let path = approval.scopePath { facts.append((t.approvalPath, HTML(text: path))) }
        if let end = approval.expiresAt { facts.append((t.approvalEnds, TimeText.view(end, context))) }
        if let note = approval.note { facts.append((t.approvalNote, HTML(text: note))) }
        let items = askers.map { asker -> HTML in
            let reason = asker.reason.map { text -> HTML in "<blockquote class=\"asker-reason\">\(text)</blockquote>" }
            return """
                <li>\(asker.name) · \(t.approvalAsked(asker.count)) · \(TimeText.view(asker.lastAt, context))\(reason)</li>
                """
        }
        let list: HTML? =
            items.isEmpty ? nil : "<h3>\(t.approvalAskers)</h3><ul class=\"plain-list\">\(each: items)</ul>"
        return Panel.view(t.approvalHistory, "\(FactList.view(facts))\(list)")
    }
}
