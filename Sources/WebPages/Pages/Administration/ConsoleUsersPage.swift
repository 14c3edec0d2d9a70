/// An account as administrators see it.
package struct UserLine: Sendable {
    let name: String
    let isAdministrator: Bool
    let isDisabled: Bool
    let createdAt: Int64

    package init(name: String, isAdministrator: Bool, isDisabled: Bool, createdAt: Int64) {
        self.name = name
        self.isAdministrator = isAdministrator
        self.isDisabled = isDisabled
        self.createdAt = createdAt
    }

    var address: String { "/console/users/\(URLText.component(name))" }

    func chip(_ t: L10n) -> StateChip {
        isDisabled
            ? StateChip(.bad, icon: "ban", text: t.adminDisabled)
            : StateChip(.ok, icon: "check", text: t.adminActive)
    }
}

/// The people with accounts.
package struct ConsoleUsersPage: Sendable {
    let users: [UserLine]
    let total: Int64
    let search: String
    let previous: String?
    let next: String?
    let draft: (name: String, isAdministrator: Bool)
    let notice: String?
    let problems: [String: String]

    /// - Parameters:
    ///   - previous: the name before which the page before ends; nil on the first page.
    ///   - next: the name after which the next page begins.
    package init(
        users: [UserLine], total: Int64, search: String, previous: String?, next: String?,
        draft: (name: String, isAdministrator: Bool) = ("", false), notice: String? = nil,
        problems: [String: String] = [:]
    ) {
        self.users = users
        self.total = total
        self.search = search
        self.previous = previous
        self.next = next
        self.draft = draft
        self.notice = notice
        self.problems = problems
    }

    private func address(_ name: String, _ value: String) -> String {
        let rest = search.isEmpty ? "" : "q=\(URLText.component(search))&"
        return "/console/users?\(rest)\(name)=\(URLText.component(value))"
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let list =
            users.isEmpty
            ? Empty.view(
                title: t.adminUsersNone, text: t.adminUsersNoneText, command: "weir user create ada", context)
            : table(context)
        return ConsoleFrame.page(
            .users, t.adminUsers, note: t.adminUsersNote,
            actions: Button.link(t.adminUserNew, to: "#new", style: .primary), notice: notice,
            status: problems.isEmpty ? 200 : 400,
            """
            \(SearchLine.view("/console/users", search, context))\(list)\
            \(Pager.view(
                previous: previous.map { address("before", $0) }, next: next.map { address("after", $0) },
                note: t.adminTotal(total), context))\
            \(Panel.view(t.adminUserNew, id: "new", form(context)))
            """, context)
    }

    private func table(_ context: PageContext) -> HTML {
        let t = context.t
        let rows = users.map { user -> [HTML] in
            [
                "<a href=\(url: user.address)>\(user.name)</a>",
                HTML(text: user.isAdministrator ? t.accountAdministrator : t.accountPerson), user.chip(t).view,
                TimeText.view(user.createdAt, context),
            ]
        }
        return DataTable.view(
            t.adminUsers,
            columns: [
                .init(t.userName, sorted: "ascending"), .init(t.accountKindOf), .init(t.adminState),
                .init(t.accountCreated),
            ], rows: rows)
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        func input(_ name: String, _ label: String, hint: String, type: String, value: String?, required: Bool) -> HTML
        {
            let problem = problems[name]
            return Form.field(
                label, for: name, hint: hint, problem: problem,
                Form.input(
                    name, id: name, value: value, type: type, required: required,
                    autocomplete: type == "password" ? "new-password" : "off", maximum: 128,
                    describedBy: problem == nil ? "\(name)-hint" : "\(name)-problem", isWrong: problem != nil))
        }
        return Form.post(
            "/console/users", context, class: "form narrow-form",
            """
            \(input("name", t.userName, hint: t.adminUserNameHint, type: "text", value: draft.name, required: true))\
            \(input("password", t.adminUserPassword, hint: t.adminUserPasswordHint, type: "password", value: nil,
                required: false))\
            \(Form.checkbox("administrator", id: "administrator", label: t.adminUserAdministrator,
                checked: draft.isAdministrator))\
            <p class="actions">\(Button.submit(t.organisationCreate, style: .primary))</p>
            """)
    }
}

/// A field to search a list by name.
enum SearchLine {
    static func view(_ address: String, _ search: String, _ context: PageContext) -> HTML {
        """
        <form class="form-inline search-line" method="get" action=\(url: address) role="search">\
        <label class="hidden" for="q">\(context.t.adminSearch)</label>\
        <input id="q" name="q" type="search" value="\(search)" placeholder="\(context.t.adminSearch)" maxlength="96" \
        autocomplete="off">\(Button.submit(context.t.search))</form>
        """
    }
}

/// One account, and what administrators do with it.
package struct ConsoleUserPage: Sendable {
    let user: UserLine
    let memberships: [AccountProfilePage.Membership]
    let tokens: [TokenLine]
    let sessions: [AccountSessionsPage.Session]
    let keys: Int
    let notice: String?
    let problem: String?
    let passwordProblem: String?

    package init(
        user: UserLine, memberships: [AccountProfilePage.Membership], tokens: [TokenLine],
        sessions: [AccountSessionsPage.Session], keys: Int, notice: String? = nil, problem: String? = nil,
        passwordProblem: String? = nil
    ) {
        self.user = user
        self.memberships = memberships
        self.tokens = tokens
        self.sessions = sessions
        self.keys = keys
        self.notice = notice
        self.problem = problem
        self.passwordProblem = passwordProblem
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let organisations = memberships.map { one -> HTML in
            "<li><a href=\(url: "/\(URLText.component(one.organisation))/-/members")>\(one.organisation)</a> <span class=\"hint\">\(t.organisationRole(one.role))</span></li>"
        }
        let facts = FactList.view([
            (t.adminState, user.chip(t).view),
            (t.accountKindOf, HTML(text: user.isAdministrator ? t.accountAdministrator : t.accountPerson)),
            (t.accountCreated, TimeText.view(user.createdAt, context)),
            (t.accountKeys, HTML(text: t.number(keys))),
            (
                t.organisations,
                organisations.isEmpty ? HTML(text: t.none) : "<ul class=\"plain-list\">\(each: organisations)</ul>"
            ),
        ])
        let tokenList: HTML =
            tokens.isEmpty
            ? "<p class=\"hint\">\(t.adminNoTokens)</p>"
            : TokenParts.table(tokens, label: t.accountTokens, action: user.address, context)
        let sessionList: HTML =
            sessions.isEmpty
            ? "<p class=\"hint\">\(t.adminNoSessions)</p>"
            : AccountSessionsPage.table(sessions, action: nil, context)
        return ConsoleFrame.page(
            .users, user.name, notice: notice, problem: problem,
            status: problem != nil || passwordProblem != nil ? 400 : 200, crumb: (t.adminUsers, "/console/users"),
            """
            <div class="split"><div>\(facts)</div>\(Panel.view(t.adminAccess, access(context)))</div>\
            \(Panel.view(t.accountSessions, actions: sessions.isEmpty ? nil : confirm(
                t.adminEndSessions, t.adminEndSessionsWarning, "end-sessions", context), sessionList))\
            \(Panel.view(t.accountTokens, actions: tokens.isEmpty ? nil : confirm(
                t.adminRevokeTokens, t.adminRevokeTokensWarning, "revoke-tokens", context), tokenList))
            """, context)
    }

    private func confirm(_ label: String, _ warning: String, _ word: String, _ context: PageContext) -> HTML {
        Confirmation.view(
            label, warning: warning, action: user.address, fields: [("do", word)], subject: user.name, context)
    }

    private func access(_ context: PageContext) -> HTML {
        let t = context.t
        let password = Form.field(
            t.accountPasswordNew, for: "password", hint: t.adminResetNote, problem: passwordProblem,
            Form.input(
                "password", id: "password", type: "password", required: true, autocomplete: "new-password",
                maximum: 128, describedBy: passwordProblem == nil ? "password-hint" : "password-problem",
                isWrong: passwordProblem != nil))
        let reset = Form.post(
            user.address, context, class: "form",
            """
            <input type="hidden" name="do" value="password">\(password)\
            <p class="actions">\(Button.submit(t.adminReset))</p>
            """)
        let office =
            user.isAdministrator
            ? confirm(t.adminDemote, t.adminDemoteNote, "demote", context)
            : confirm(t.adminPromote, t.adminPromoteNote, "promote", context)
        let door =
            user.isDisabled
            ? Form.button(t.adminEnable, to: user.address, fields: [("do", "enable")], style: .primary, context)
            : confirm(t.adminDisable, t.adminDisableNote, "disable", context)
        return "\(if: !user.isDisabled, reset)<div class=\"actions\">\(door)\(if: !user.isDisabled, office)</div>"
    }
}
