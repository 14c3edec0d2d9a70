/// What an account holds of what it may hold.
package struct QuotaLine: Sendable {
    let name: String
    let used: Int64
    let reserved: Int64
    /// Bytes; nil for any number.
    let limit: Int64?
    let repositories: Int64
    let repositoryLimit: Int64?
    let isDefault: Bool

    package init(
        name: String, used: Int64, reserved: Int64, limit: Int64?, repositories: Int64, repositoryLimit: Int64?,
        isDefault: Bool
    ) {
        self.name = name
        self.used = used
        self.reserved = reserved
        self.limit = limit
        self.repositories = repositories
        self.repositoryLimit = repositoryLimit
        self.isDefault = isDefault
    }

    func storage(_ t: L10n) -> HTML {
        let note = t.adminOf(t.bytes(used), limit.map { t.bytes($0) } ?? t.adminUnlimited)
        return """
            <div class="meter-line"><h2>\(t.adminStorage)</h2>\
            \(Meter.view(used: used, limit: limit, label: t.adminStorage, note: note))\
            \(if: reserved > 0, "<p class=\"hint\">\(t.adminReserved): \(t.bytes(reserved))</p>")</div>
            """
    }

    func count(_ t: L10n) -> HTML {
        let note = t.adminOf(
            t.number(repositories), repositoryLimit.map { t.number($0) } ?? t.adminUnlimited)
        return """
            <div class="meter-line"><h2>\(t.adminRepositories)</h2>\
            \(Meter.view(used: repositories, limit: repositoryLimit, label: t.adminRepositories, note: note))</div>
            """
    }
}

/// What somebody used of a mirror.
package struct MirrorUse: Sendable {
    let mirror: String
    let subject: String
    let bytes: Int64
    let byteLimit: Int64?
    let requests: Int64
    let requestLimit: Int64?
    let stored: Int64
    let storedLimit: Int64?

    package init(
        mirror: String, subject: String, bytes: Int64, byteLimit: Int64?, requests: Int64, requestLimit: Int64?,
        stored: Int64, storedLimit: Int64?
    ) {
        self.mirror = mirror
        self.subject = subject
        self.bytes = bytes
        self.byteLimit = byteLimit
        self.requests = requests
        self.requestLimit = requestLimit
        self.stored = stored
        self.storedLimit = storedLimit
    }

    static func table(_ uses: [MirrorUse], _ t: L10n) -> HTML {
        let rows = uses.map { use -> [HTML] in
            [
                HTML(text: use.mirror), "<span class=\"mono\">\(use.subject)</span>",
                Meter.view(
                    used: use.bytes, limit: use.byteLimit, label: t.adminBytesToday,
                    note: t.adminOf(t.bytes(use.bytes), use.byteLimit.map { t.bytes($0) } ?? t.adminUnlimited)),
                HTML(
                    text: t.adminOf(
                        t.number(use.requests), use.requestLimit.map { t.number($0) } ?? t.adminUnlimited)),
                HTML(
                    text: t.adminOf(
                        t.bytes(use.stored), use.storedLimit.map { t.bytes($0) } ?? t.adminUnlimited)),
            ]
        }
        return DataTable.view(
            t.adminMirrorUse,
            columns: [
                .init(t.adminMirror, sorted: "ascending"), .init(t.adminSubject), .init(t.adminBytesToday),
                .init(t.adminRequestsNow), .init(t.adminStoredShare),
            ], rows: rows)
    }
}

/// What all accounts hold, and what they may hold.
package struct ConsoleQuotasPage: Sendable {
    let accounts: [QuotaLine]
    let next: String?
    let isFirst: Bool
    let mirrors: [MirrorUse]
    let draft: (account: String, bytes: String, repositories: String)
    let notice: String?
    let problems: [String: String]

    package init(
        accounts: [QuotaLine], next: String?, isFirst: Bool, mirrors: [MirrorUse],
        draft: (account: String, bytes: String, repositories: String) = ("", "", ""), notice: String? = nil,
        problems: [String: String] = [:]
    ) {
        self.accounts = accounts
        self.next = next
        self.isFirst = isFirst
        self.mirrors = mirrors
        self.draft = draft
        self.notice = notice
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let list =
            accounts.isEmpty
            ? Empty.view(
                title: t.adminQuotasNone, text: t.adminQuotasNoneText, command: "weir quota set acme --bytes 500GB",
                context)
            : table(context)
        let use: HTML =
            mirrors.isEmpty
            ? "<p class=\"hint\">\(t.adminMirrorUseNone)</p>" : MirrorUse.table(mirrors, t)
        return ConsoleFrame.page(
            .quotas, t.adminQuotas, note: t.adminQuotasNote, notice: notice, status: problems.isEmpty ? 200 : 400,
            """
            \(list)\(Pager.view(
                previous: isFirst ? nil : "/console/quotas",
                next: next.map { "/console/quotas?after=\(URLText.component($0))" }, context))\
            \(Panel.view(t.adminSetLimit, id: "set", form(context)))\
            \(Panel.view(t.adminMirrorUse, id: "mirrors", use))
            """, context)
    }

    private func table(_ context: PageContext) -> HTML {
        let t = context.t
        let rows = accounts.map { account -> [HTML] in
            [
                "<a href=\(url: "/\(URLText.component(account.name))")>\(account.name)</a>",
                Meter.view(
                    used: account.used, limit: account.limit, label: "\(t.adminStorage) \(account.name)",
                    note: t.adminOf(t.bytes(account.used), account.limit.map { t.bytes($0) } ?? t.adminUnlimited)),
                HTML(
                    text: t.adminOf(
                        t.number(account.repositories),
                        account.repositoryLimit.map { t.number($0) } ?? t.adminUnlimited)),
                HTML(text: account.reserved > 0 ? t.bytes(account.reserved) : "–"),
                HTML(text: account.isDefault ? t.adminLimitDefault : t.adminLimitOwn),
                """
                <a class="button quiet" href=\(url: "/console/quotas?account=\(URLText.component(account.name))#set")>\
                \(t.edit)<span class="hidden"> \(account.name)</span></a>
                """,
            ]
        }
        return DataTable.view(
            t.adminQuotas,
            columns: [
                .init(t.adminAccount), .init(t.adminStorage, sorted: "descending"), .init(t.adminRepositories),
                .init(t.adminReserved, isNumber: true), .init(t.adminLimits), .init(t.accountActions),
            ], rows: rows, asCards: true)
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        func input(_ name: String, _ label: String, hint: String?, _ value: String, required: Bool = false) -> HTML {
            let problem = problems[name]
            return Form.field(
                label, for: name, hint: hint, problem: problem,
                Form.input(
                    name, id: name, value: value, required: required, autocomplete: "off", maximum: 96,
                    describedBy: problem == nil ? hint == nil ? nil : "\(name)-hint" : "\(name)-problem",
                    isWrong: problem != nil))
        }
        return Form.post(
            "/console/quotas", context, class: "form-row",
            """
            \(input("account", t.adminAccount, hint: nil, draft.account, required: true))\
            \(input("bytes", t.adminLimitBytes, hint: t.adminLimitBytesHint, draft.bytes))\
            \(input("repositories", t.adminLimitRepositories, hint: t.adminLimitRepositoriesHint, draft.repositories))\
            \(Button.submit(t.save, style: .primary))
            """)
    }
}
