/// The keys by which somebody comes in over SSH.
package struct AccountKeysPage: Sendable {
    package struct Key: Sendable {
        let id: String
        let name: String
        let fingerprint: String
        let createdAt: Int64

        package init(id: String, name: String, fingerprint: String, createdAt: Int64) {
            self.id = id
            self.name = name
            self.fingerprint = fingerprint
            self.createdAt = createdAt
        }
    }

    let keys: [Key]
    let draftKey: String
    let draftName: String
    let notice: String?
    let problems: [String: String]

    package init(
        keys: [Key], draftKey: String = "", draftName: String = "", notice: String? = nil,
        problems: [String: String] = [:]
    ) {
        self.keys = keys
        self.draftKey = draftKey
        self.draftName = draftName
        self.notice = notice
        self.problems = problems
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let list =
            keys.isEmpty
            ? Empty.view(
                title: t.accountKeysNone, text: t.accountKeysNoneText, command: "ssh-keygen -t ed25519", context)
            : table(context)
        return AccountFrame.page(
            .keys, note: t.accountKeysNote, notice: notice, status: problems.isEmpty ? 200 : 400,
            "\(list)\(Panel.view(t.accountKeyAdd, id: "new", form(context)))", context)
    }

    private func table(_ context: PageContext) -> HTML {
        let t = context.t
        let rows = keys.map { key -> [HTML] in
            [
                HTML(text: key.name.isEmpty ? t.accountUnknown : key.name),
                CopyText.digest("SHA256:\(key.fingerprint)", shown: 60, context),
                TimeText.view(key.createdAt, context),
                Confirmation.view(
                    t.accountRemove, warning: t.accountKeyWarning(key.name), action: "/settings/keys",
                    fields: [("do", "remove"), ("key", key.id)], subject: key.name, context),
            ]
        }
        return DataTable.view(
            t.accountKeys,
            columns: [
                .init(t.accountKeyName), .init(t.accountFingerprint), .init(t.accountAdded, sorted: "ascending"),
                .init(t.accountActions),
            ], rows: rows)
    }

    private func form(_ context: PageContext) -> HTML {
        let t = context.t
        let name = Form.input(
            "name", id: "name", value: draftName, autocomplete: "off", maximum: 96,
            describedBy: problems["name"] == nil ? "name-hint" : "name-problem", isWrong: problems["name"] != nil)
        return Form.post(
            "/settings/keys", context,
            """
            <input type="hidden" name="do" value="add">\
            \(Form.field(t.accountKeyText, for: "key", hint: t.accountKeyTextHint, problem: problems["key"],
                Form.textarea("key", id: "key", value: draftKey, rows: 3, required: true, isMono: true)))\
            \(Form.field(t.accountKeyName, for: "name", hint: t.accountKeyNameHint, problem: problems["name"], name))\
            <p class="actions">\(Button.submit(t.accountKeyAdd, style: .primary))</p>
            """)
    }
}

/// Where somebody is signed in.
package struct AccountSessionsPage: Sendable {
    package struct Session: Sendable {
        let id: String
        let client: String?
        let address: String?
        let createdAt: Int64
        let lastSeenAt: Int64
        let expiresAt: Int64
        let isCurrent: Bool

        package init(
            id: String, client: String?, address: String?, createdAt: Int64, lastSeenAt: Int64, expiresAt: Int64,
            isCurrent: Bool
        ) {
            self.id = id
            self.client = client
            self.address = address
            self.createdAt = createdAt
            self.lastSeenAt = lastSeenAt
            self.expiresAt = expiresAt
            self.isCurrent = isCurrent
        }
    }

    let sessions: [Session]
    let notice: String?

    package init(sessions: [Session], notice: String? = nil) {
        self.sessions = sessions
        self.notice = notice
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let list =
            sessions.isEmpty
            ? Empty.view(title: t.accountSessionsNone, text: t.accountSessionsNoneText, context)
            : Self.table(sessions, action: "/settings/sessions", context)
        let all = Confirmation.view(
            t.accountSessionEndAll, warning: t.accountSessionEndAllWarning, action: "/settings/sessions",
            fields: [("do", "end-all")], subject: "", context)
        return AccountFrame.page(
            .sessions, note: t.accountSessionsNote, notice: notice,
            "\(list)\(if: !sessions.isEmpty, "<div class=\"after-table\">\(all)</div>")", context)
    }

    /// - Parameter action: where one is ended; nil for a table to look at.
    static func table(_ sessions: [Session], action: String?, _ context: PageContext) -> HTML {
        let t = context.t
        let rows = sessions.map { session -> [HTML] in
            var cells: [HTML] = [
                """
                <span title="\(session.client ?? "")">\(Browser(session.client).name ?? t.accountUnknown)</span>\
                \(if: session.isCurrent, " \(StateChip(.ok, icon: "check", text: t.accountSessionThis).view)")
                """,
                "<span class=\"mono\">\(session.address ?? t.accountUnknown)</span>",
                TimeText.view(session.createdAt, context), TimeText.view(session.lastSeenAt, context),
                TimeText.view(session.expiresAt, context),
            ]
            if let action {
                cells.append(
                    Form.button(
                        t.accountSessionEnd, to: action, fields: [("do", "end"), ("session", session.id)], context))
            }
            return cells
        }
        var columns: [DataTable.Column] = [
            .init(t.accountBrowser), .init(t.accountAddress), .init(t.accountSignedIn, sorted: "descending"),
            .init(t.accountLastSeen), .init(t.accountExpires),
        ]
        if action != nil { columns.append(.init(t.accountActions)) }
        return DataTable.view(t.accountSessions, columns: columns, rows: rows)
    }
}

/// What a browser calls itself, in two words. Who wants to be sure reads the whole text.
struct Browser {
    let name: String?

    init(_ agent: String?) {
        guard let agent, !agent.isEmpty else {
            name = nil
            return
        }
        // Browsers claim to be each other: the most particular name comes first.
        let programs = [
            ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
            ("Safari/", "Safari"), ("python", "Python"), ("curl/", "curl"),
        ]
        let systems = [
            ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("Linux", "Linux"),
        ]
        let program = programs.first { agent.contains($0.0) }?.1
        let system = systems.first { agent.contains($0.0) }?.1
        name = [program, system].compactMap(\.self).joined(separator: " · ").nilIfEmpty ?? String(agent.prefix(40))
    }
}

extension String {
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
