/// An access token as its owner sees it.
package struct TokenLine: Sendable {
    let id: String
    let name: String
    let scope: String
    let lastFour: String
    let createdAt: Int64
    let expiresAt: Int64?
    let lastUsedAt: Int64?
    /// What it is narrowed to; nil for nothing.
    let resources: [String]?

    package init(
        id: String, name: String, scope: String, lastFour: String, createdAt: Int64, expiresAt: Int64?,
        lastUsedAt: Int64?, resources: [String]?
    ) {
        self.id = id
        self.name = name
        self.scope = scope
        self.lastFour = lastFour
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.resources = resources
    }
}

/// What somebody wrote of a token that is to be made.
package struct TokenDraft: Sendable {
    package var name = ""
    package var scope = "read"
    /// Days; 0 for ever.
    package var days = 90
    package var resources = ""

    package init() {}
}

/// Tables of tokens, and the form that makes one: for people and for robots.
package enum TokenParts {
    static let days = [7, 30, 90, 365, 0]

    static func table(
        _ tokens: [TokenLine], label: String, action: String, fields: [(name: String, value: String)] = [],
        _ context: PageContext
    ) -> HTML {
        let t = context.t
        let rows = tokens.map { token -> [HTML] in
            [
                """
                <strong>\(token.name)</strong><br><span class="hint">\(t.accountTokenLastFour) \
                <code>…\(token.lastFour)</code></span>
                """,
                HTML(text: t.accountScopeName(token.scope)), reach(token.resources, t),
                TimeText.view(token.createdAt, context), expiry(token.expiresAt, context),
                token.lastUsedAt.map { TimeText.view($0, context) } ?? HTML(text: t.accountNeverUsed),
                Confirmation.view(
                    t.accountRevoke, warning: t.accountRevokeWarning(token.name), action: action,
                    fields: [("do", "revoke"), ("token", token.id)] + fields, subject: token.name, context),
            ]
        }
        return DataTable.view(
            label,
            columns: [
                .init(t.accountName), .init(t.accountScope), .init(t.accountReach),
                .init(t.accountCreated, sorted: "descending"), .init(t.accountExpires), .init(t.accountLastUsed),
                .init(t.accountActions),
            ], rows: rows, asCards: true)
    }

    private static func reach(_ resources: [String]?, _ t: L10n) -> HTML {
        guard let resources else { return HTML(text: t.accountReachAll) }
        let items = resources.map { resource -> HTML in "<li><code>\(resource)</code></li>" }
        return "<ul class=\"plain-list\">\(each: items)</ul>"
    }

    private static func expiry(_ moment: Int64?, _ context: PageContext) -> HTML {
        guard let moment else { return HTML(text: context.t.accountNever) }
        let text = TimeText.view(moment, context)
        // Seven days are left to make another one.
        return moment - context.now < 7 * 86_400_000 ? "<span class=\"soon\">\(text)</span>" : text
    }

    static func form(
        _ draft: TokenDraft, scopes: [String], problems: [String: String], action: String,
        leading: HTML = HTML(), _ context: PageContext
    ) -> HTML {
        let t = context.t
        let choices = scopes.map { scope -> HTML in
            """
            <label class="choice" for="scope-\(scope)"><input type="radio" id="scope-\(scope)" name="scope" \
            value="\(scope)"\(flag: "checked", scope == draft.scope)><span><strong>\(t.accountScopeName(scope))</strong>\
            <span class="hint">\(t.accountScopeNote(scope))</span></span></label>
            """
        }
        let spans = days.map { days in (String(days), days == 0 ? t.accountForever : t.accountDays(days)) }
        let name = Form.input(
            "name", id: "name", value: draft.name, required: true, autocomplete: "off", maximum: 96,
            describedBy: problems["name"] == nil ? "name-hint" : "name-problem", isWrong: problems["name"] != nil)
        return Form.post(
            action, context,
            """
            <input type="hidden" name="do" value="create">\(leading)\
            \(Form.field(t.accountTokenName, for: "name", hint: t.accountTokenNameHint, problem: problems["name"], name))\
            <fieldset class="field"><legend>\(t.accountScope)</legend><div class="choices">\(each: choices)</div>\
            \(problems["scope"].map { problem -> HTML in "<p class=\"problem\">\(problem)</p>" })</fieldset>\
            \(Form.field(t.accountExpiry, for: "days", Form.select("days", id: "days", options: spans,
                selected: String(draft.days))))\
            \(Form.field(t.accountReach, for: "resources", hint: t.accountReachHint, problem: problems["resources"],
                Form.textarea("resources", id: "resources", value: draft.resources, rows: 3, isMono: true)))\
            <p class="actions">\(Button.submit(t.accountTokenCreate, style: .primary))</p>
            """)
    }
}

/// Somebody's own access tokens.
package struct AccountTokensPage: Sendable {
    let tokens: [TokenLine]
    let scopes: [String]
    let draft: TokenDraft
    let shown: TokenReveal.Shown?
    let notice: String?
    let problem: String?
    let problems: [String: String]

    /// - Parameters:
    ///   - scopes: those that may be asked for.
    ///   - shown: the one that was just made.
    package init(
        tokens: [TokenLine], scopes: [String], draft: TokenDraft = TokenDraft(), shown: TokenReveal.Shown? = nil,
        notice: String? = nil, problem: String? = nil, problems: [String: String] = [:]
    ) {
        self.tokens = tokens
        self.scopes = scopes
        self.draft = draft
        self.shown = shown
        self.notice = notice
        self.problem = problem
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let list =
            tokens.isEmpty
            ? Empty.view(
                title: t.accountTokensNone, text: t.accountTokensNoneText,
                command: "weir token create --user \(context.visitor?.name ?? "NAME") --name laptop", context)
            : TokenParts.table(tokens, label: t.accountTokens, action: "/settings/tokens", context)
        let form = TokenParts.form(draft, scopes: scopes, problems: problems, action: "/settings/tokens", context)
        let isWrong = problem != nil || !problems.isEmpty
        return AccountFrame.page(
            .tokens, note: t.accountTokensNote, notice: notice, problem: problem,
            status: shown != nil ? 201 : isWrong ? 400 : 200,
            """
            \(shown.map { TokenReveal.view($0, back: "/settings/tokens", context) })\(list)\
            \(if: shown == nil, Panel.view(t.accountTokenNew, id: "new", form))
            """, context)
    }
}
