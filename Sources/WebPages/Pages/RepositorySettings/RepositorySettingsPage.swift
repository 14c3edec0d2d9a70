/// What the owner of a repository decides.
package struct RepositorySettingsPage: Sendable {
    /// A part of the page; its word stands in addresses and forms.
    package enum Section: String, Sendable, CaseIterable {
        case general, branches, gate, grants, keys = "deploy-keys", webhooks, danger
    }

    package struct Protection: Sendable, Hashable {
        package let pattern: String
        package let isFrozen: Bool

        package init(pattern: String, isFrozen: Bool) {
            self.pattern = pattern
            self.isFrozen = isFrozen
        }
    }

    package struct AccessRequest: Sendable, Hashable {
        package let id: String
        package let user: String
        /// `pending`, `accepted` or `rejected`.
        package let status: String
        /// What was filled in, line by line.
        package let answers: [String]
        /// Milliseconds since 1970.
        package let requestedAt: Int64

        package init(id: String, user: String, status: String, answers: [String], requestedAt: Int64) {
            self.id = id
            self.user = user
            self.status = status
            self.answers = answers
            self.requestedAt = requestedAt
        }
    }

    package struct Grant: Sendable, Hashable {
        package enum Subject: Sendable, Hashable {
            case everyone, signedIn
            case user(String)
            case members(String)
            case team(String)
        }

        package let id: String
        package let subject: Subject
        package let role: String
        package let isDenial: Bool
        /// Milliseconds since 1970; nil for never.
        package let expiresAt: Int64?
        /// The paths and refs that it is about.
        package let part: [String]

        package init(id: String, subject: Subject, role: String, isDenial: Bool, expiresAt: Int64?, part: [String]) {
            self.id = id
            self.subject = subject
            self.role = role
            self.isDenial = isDenial
            self.expiresAt = expiresAt
            self.part = part
        }
    }

    package struct DeployKey: Sendable, Hashable {
        package let id: String
        package let name: String
        package let fingerprint: String
        package let canWrite: Bool
        package let createdAt: Int64
        package let expiresAt: Int64?

        package init(
            id: String, name: String, fingerprint: String, canWrite: Bool, createdAt: Int64, expiresAt: Int64?
        ) {
            self.id = id
            self.name = name
            self.fingerprint = fingerprint
            self.canWrite = canWrite
            self.createdAt = createdAt
            self.expiresAt = expiresAt
        }
    }

    package struct Webhook: Sendable, Hashable {
        package struct Delivery: Sendable, Hashable {
            package let id: String
            package let event: String
            /// `waiting`, `sent`, `failed` or `dropped`.
            package let state: String
            package let status: Int64?
            package let note: String?
            package let attempts: Int64
            package let createdAt: Int64

            package init(
                id: String, event: String, state: String, status: Int64?, note: String?, attempts: Int64,
                createdAt: Int64
            ) {
                self.id = id
                self.event = event
                self.state = state
                self.status = status
                self.note = note
                self.attempts = attempts
                self.createdAt = createdAt
            }
        }

        package let id: String
        package let url: String
        package let isOn: Bool
        package let deliveries: [Delivery]

        package init(id: String, url: String, isOn: Bool, deliveries: [Delivery]) {
            self.id = id
            self.url = url
            self.isOn = isOn
            self.deliveries = deliveries
        }
    }

    /// What goes with the repository when it is deleted.
    package struct Consequences: Sendable, Hashable {
        package let branches: Int
        package let tags: Int
        package let discussions: Int64
        package let likes: Int64
        package let downloads: Int64

        package init(branches: Int, tags: Int, discussions: Int64, likes: Int64, downloads: Int64) {
            self.branches = branches
            self.tags = tags
            self.discussions = discussions
            self.likes = likes
            self.downloads = downloads
        }
    }

    package let header: RepositoryHeader
    package let visibility: String
    package let nickname: String
    package let description: String
    package let tags: [String]
    package let discussionsAreOn: Bool
    package let branches: [String]
    package let protections: [Protection]
    /// `open`, `auto` or `manual`.
    package let gating: String
    package let requests: [AccessRequest]
    /// Nil for whoever may not say who may what.
    package let grants: [Grant]?
    package let deployKeys: [DeployKey]?
    package let webhooks: [Webhook]
    /// Nil for whoever may not delete or rename it.
    package let consequences: Consequences?
    /// The part whose form was not taken, and why.
    package var problem: (section: Section, message: String)?
    /// What was typed into that form.
    package var input: [String: String] = [:]
    package var status = 200

    package init(
        header: RepositoryHeader, visibility: String, nickname: String, description: String, tags: [String],
        discussionsAreOn: Bool, branches: [String], protections: [Protection], gating: String,
        requests: [AccessRequest], grants: [Grant]?, deployKeys: [DeployKey]?, webhooks: [Webhook],
        consequences: Consequences?
    ) {
        self.header = header
        self.visibility = visibility
        self.nickname = nickname
        self.description = description
        self.tags = tags
        self.discussionsAreOn = discussionsAreOn
        self.branches = branches
        self.protections = protections
        self.gating = gating
        self.requests = requests
        self.grants = grants
        self.deployKeys = deployKeys
        self.webhooks = webhooks
        self.consequences = consequences
    }

    var address: String { header.address("settings") }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let sections = Section.allCases.compactMap { section -> (Section, HTML)? in
            view(section, context).map { (section, $0) }
        }
        let links = sections.map { section, _ -> HTML in
            "<a href=\"#\(section.rawValue)\">\(t.settingsSection(section))</a>"
        }
        let body: HTML = """
            \(header.view(.settings, context))
            <div class="settings-page"><nav class="settings-nav" aria-label="\(t.settingsSections)">\(each: links)</nav>\
            <div class="settings-main">\(each: sections.map(\.1))</div></div>
            """
        return Page(
            title: "\(t.settings) · \(header.path)", section: header.kind.section, body: body, status: status)
    }

    private func view(_ section: Section, _ context: PageContext) -> HTML? {
        let content: HTML?
        switch section {
        case .general: content = general(context)
        case .branches: content = branchPart(context)
        case .gate: content = gate(context)
        case .grants: content = grantPart(context)
        case .keys: content = keyPart(context)
        case .webhooks: content = webhookPart(context)
        case .danger: content = danger(context)
        }
        guard let content else { return nil }
        let alert: HTML? = problem.flatMap { problem in
            problem.section == section ? Alert.view(.bad, title: problem.message) : nil
        }
        return """
            <section class="panel\(section == .danger ? " danger-zone" : "")" id="\(section.rawValue)" \
            aria-labelledby="\(section.rawValue)-head"><h2 id="\(section.rawValue)-head">\
            \(context.t.settingsSection(section))</h2>\(alert)\(content)</section>
            """
    }

    /// What was typed into the form that was not taken, or what holds.
    func value(_ name: String, _ known: String, in section: Section) -> String {
        problem?.section == section ? input[name] ?? known : known
    }

    /// A form of one part.
    func form(_ section: Section, _ action: String, to place: String = "", _ context: PageContext, _ content: HTML)
        -> HTML
    {
        let target = place.isEmpty ? address : "\(address)/\(place)"
        return Form.post(target, context, "<input type=\"hidden\" name=\"action\" value=\"\(action)\">\(content)")
    }

    // MARK: General

    private func general(_ context: PageContext) -> HTML {
        let t = context.t
        return """
            \(form(.general, "profile", context,
                """
                \(Form.field(
                    t.settingsNickname, for: "nickname", hint: t.settingsNicknameHint,
                    Form.input(
                        "nickname", id: "nickname", value: value("nickname", nickname, in: .general), maximum: 200,
                        describedBy: "nickname-hint")))\
                \(Form.field(
                    t.settingsDescription, for: "about",
                    Form.textarea("description", id: "about", value: value("description", description, in: .general), rows: 3)))\
                \(Form.field(
                    t.settingsTags, for: "tags", hint: t.settingsTagsHint,
                    Form.input(
                        "tags", id: "tags", value: value("tags", tags.joined(separator: ", "), in: .general),
                        describedBy: "tags-hint")))\
                \(Form.checkbox("discussions", id: "discussions", label: t.settingsDiscussions, checked: discussionsAreOn))\
                <p class="actions">\(Button.submit(t.save, style: .primary))</p>
                """))
            <hr>\(form(.general, "visibility", context,
                """
                \(VisibilityChoice.view(selected: value("visibility", visibility, in: .general), hasDefault: false, t))\
                <p class="actions">\(Button.submit(t.settingsSetVisibility))</p>
                """))
            """
    }

    // MARK: Branches

    private func branchPart(_ context: PageContext) -> HTML {
        let t = context.t
        let rows = protections.map { rule -> [HTML] in
            [
                "<code>\(rule.pattern)</code>",
                "\(rule.isFrozen ? t.protectionFrozen : t.protectionHistory)",
                Form.button(
                    t.settingsRemove(rule.pattern), to: address,
                    fields: [("action", "unprotect"), ("pattern", rule.pattern)], style: .quiet, icon: "trash-2",
                    context),
            ]
        }
        let table =
            rows.isEmpty
            ? "<p class=\"hint\">\(t.protectionNone)</p>"
            : DataTable.view(
                t.protections, columns: [.init(t.protectionPattern), .init(t.protectionLevel), .init(t.actionColumn)],
                rows: rows)
        return """
            \(form(.branches, "default-branch", context,
                """
                <div class="inline-fields">\(Form.field(
                    t.settingsDefaultBranch, for: "default-branch",
                    Form.select(
                        "branch", id: "default-branch", options: branches.map { ($0, $0) },
                        selected: header.defaultBranch)))\
                \(Button.submit(t.save))</div>
                """))
            <h3>\(t.protections)</h3>\(table)
            \(form(.branches, "protect", context,
                """
                <div class="inline-fields">\(Form.field(
                    t.protectionPattern, for: "pattern", hint: t.protectionPatternHint,
                    Form.input(
                        "pattern", id: "pattern", value: value("pattern", "", in: .branches), placeholder: "release/*",
                        required: true, maximum: 200, describedBy: "pattern-hint")))\
                \(Form.field(
                    t.protectionLevel, for: "level",
                    Form.select(
                        "level", id: "level",
                        options: [("history", t.protectionHistory), ("frozen", t.protectionFrozen)],
                        selected: value("level", "history", in: .branches))))\
                \(Button.submit(t.protect, icon: "shield-check"))</div>
                """))
            <p>\(Button.link(t.branches, to: header.address("branches"), style: .quiet, icon: "git-branch"))</p>
            """
    }

    // MARK: The gate

    private func gate(_ context: PageContext) -> HTML {
        let t = context.t
        let choices = [("open", t.gateOpen), ("auto", t.gateAuto), ("manual", t.gateManual)].map {
            word, label -> HTML in
            """
            <label class="check" for="gate-\(word)"><input type="radio" id="gate-\(word)" name="gated" value="\(word)"\
            \(flag: "checked", word == value("gated", gating, in: .gate))><span>\(label)</span></label>
            """
        }
        return """
            \(form(.gate, "gate", context,
                """
                <fieldset class="choices"><legend>\(t.gateWho)</legend>\(each: choices)</fieldset>\
                <p class="actions">\(Button.submit(t.save))</p>
                """))
            \(if: gating != "open", requestPart(context))
            """
    }

    private func requestPart(_ context: PageContext) -> HTML {
        let t = context.t
        guard !requests.isEmpty else {
            return "<h3>\(t.gateRequests)</h3><p class=\"hint\">\(t.gateRequestsNone)</p>"
        }
        let rows = requests.map { request -> [HTML] in
            let answers = request.answers.map { line -> HTML in "<div class=\"hint\">\(line)</div>" }
            let reject: HTML? =
                request.status == "rejected"
                ? nil
                : Form.button(
                    t.gateReject(request.user), to: "\(address)/requests",
                    fields: [("id", request.id), ("status", "rejected")], style: .quiet, context)
            let accept: HTML? =
                request.status == "accepted"
                ? nil
                : Form.button(
                    t.gateAccept(request.user), to: "\(address)/requests",
                    fields: [("id", request.id), ("status", "accepted")], icon: "check", context)
            return [
                "\(PersonLink.view(request.user, t))\(each: answers)", "\(t.gateStatus(request.status))",
                TimeText.view(request.requestedAt, context),
                "<div class=\"actions\">\(accept)\(reject)</div>",
            ]
        }
        return """
            <h3>\(t.gateRequests)</h3>\(DataTable.view(
                t.gateRequests,
                columns: [.init(t.grantSubject), .init(t.gateState), .init(t.gateAsked), .init(t.actionColumn)],
                rows: rows))
            """
    }

    // MARK: Who may what

    private func grantPart(_ context: PageContext) -> HTML? {
        guard let grants else { return nil }
        let t = context.t
        let rows = grants.map { grant -> [HTML] in
            let until: HTML = grant.expiresAt.map { TimeText.view($0, context) } ?? "\(t.never)"
            let part = grant.part.map { text -> HTML in "<div class=\"hint\"><code>\(text)</code></div>" }
            return [
                "\(t.grantSubject(grant.subject))\(each: part)",
                "\(grant.isDenial ? t.grantDenies(grant.role) : t.grantRole(grant.role))", until,
                Form.button(
                    t.settingsRemove(t.grantSubject(grant.subject)), to: "\(address)/grants",
                    fields: [("action", "remove"), ("id", grant.id)], style: .quiet, icon: "trash-2", context),
            ]
        }
        let table =
            rows.isEmpty
            ? "<p class=\"hint\">\(t.grantsNone)</p>"
            : DataTable.view(
                t.grantsGiven,
                columns: [.init(t.grantSubject), .init(t.grantRight), .init(t.expires), .init(t.actionColumn)],
                rows: rows)
        let roles = ["reader", "contributor", "writer", "maintainer", "admin"].map { ($0, t.grantRole($0)) }
        return """
            <p class="hint">\(t.grantsNote)</p>\(table)
            <h3>\(t.grantNew)</h3>\
            \(form(.grants, "add", to: "grants", context,
                """
                <div class="inline-fields">\(Form.field(
                    t.grantKind, for: "grant-kind",
                    Form.select(
                        "kind", id: "grant-kind",
                        options: [
                            ("user", t.grantUser), ("organization", t.grantOrganisation),
                            ("authenticated", t.grantSubject(.signedIn)), ("everyone", t.grantSubject(.everyone)),
                        ], selected: value("kind", "user", in: .grants))))\
                \(Form.field(
                    t.grantName, for: "grant-name", hint: t.grantNameHint,
                    Form.input(
                        "name", id: "grant-name", value: value("name", "", in: .grants), autocomplete: "off", maximum: 96,
                        describedBy: "grant-name-hint")))\
                \(Form.field(
                    t.grantRight, for: "grant-role",
                    Form.select("role", id: "grant-role", options: roles, selected: value("role", "reader", in: .grants))))\
                \(Form.field(
                    t.expires, for: "grant-days",
                    Form.select(
                        "days", id: "grant-days", options: SettingsDays.options(t),
                        selected: value("days", "", in: .grants))))\
                \(Button.submit(t.grantAdd, icon: "plus"))</div>
                """))
            """
    }

    // MARK: Deploy keys

    private func keyPart(_ context: PageContext) -> HTML? {
        guard let deployKeys else { return nil }
        let t = context.t
        let rows = deployKeys.map { key -> [HTML] in
            [
                "\(key.name)<div class=\"hint mono\">SHA256:\(key.fingerprint)</div>",
                "\(key.canWrite ? t.keyWrites : t.keyReads)",
                key.expiresAt.map { TimeText.view($0, context) } ?? "\(t.never)",
                Form.button(
                    t.settingsRemove(key.name), to: "\(address)/deploy-keys",
                    fields: [("action", "remove"), ("id", key.id)], style: .quiet, icon: "trash-2", context),
            ]
        }
        let table =
            rows.isEmpty
            ? "<p class=\"hint\">\(t.keysNone)</p>"
            : DataTable.view(
                t.keysKnown,
                columns: [.init(t.keyName), .init(t.grantRight), .init(t.expires), .init(t.actionColumn)], rows: rows)
        return """
            \(table)<h3>\(t.keyNew)</h3>\
            \(form(.keys, "add", to: "deploy-keys", context,
                """
                \(Form.field(
                    t.keyText, for: "key", hint: t.keyHint,
                    Form.textarea("key", id: "key", value: value("key", "", in: .keys), rows: 3, required: true, isMono: true)))\
                <div class="inline-fields">\(Form.field(
                    t.keyName, for: "key-name",
                    Form.input("name", id: "key-name", value: value("name", "", in: .keys), maximum: 96)))\
                \(Form.field(
                    t.expires, for: "key-days",
                    Form.select("days", id: "key-days", options: SettingsDays.options(t), selected: value("days", "", in: .keys))))\
                \(Form.checkbox("write", id: "key-write", label: t.keyMayWrite))\
                \(Button.submit(t.keyAdd, icon: "plus"))</div>
                """))
            """
    }

    // MARK: Webhooks

    private func webhookPart(_ context: PageContext) -> HTML {
        let t = context.t
        let target = "\(address)/webhooks"
        let items = webhooks.map { webhook -> HTML in
            let rows = webhook.deliveries.map { delivery -> [HTML] in
                let answer: HTML = delivery.status.map { "\($0)" } ?? delivery.note.map { "\($0)" } ?? "–"
                return [
                    "\(delivery.event)", "\(t.deliveryState(delivery.state))", answer, "\(delivery.attempts)",
                    TimeText.view(delivery.createdAt, context),
                    Form.button(
                        t.deliveryAgain, to: target,
                        fields: [("action", "redeliver"), ("id", webhook.id), ("delivery", delivery.id)],
                        style: .quiet, icon: "refresh-cw", context),
                ]
            }
            let log: HTML =
                rows.isEmpty
                ? "<p class=\"hint\">\(t.deliveriesNone)</p>"
                : DataTable.view(
                    "\(t.deliveries) · \(webhook.url)",
                    columns: [
                        .init(t.deliveryEvent), .init(t.gateState), .init(t.deliveryAnswer),
                        .init(t.deliveryAttempts, isNumber: true), .init(t.deliveryTime, sorted: "descending"),
                        .init(t.actionColumn),
                    ], rows: rows)
            return """
                <h3 class="webhook-url"><code>\(webhook.url)</code></h3>\
                <p class="actions">\(webhook.isOn ? StateChip(.ok, icon: "check", text: t.webhookOn).view : StateChip(.neutral, icon: "ban", text: t.webhookOff).view)\
                \(Form.button(
                    webhook.isOn ? t.webhookDisable : t.webhookEnable, to: target,
                    fields: [("action", webhook.isOn ? "disable" : "enable"), ("id", webhook.id)], context))\
                \(Form.button(
                    t.settingsRemove(webhook.url), to: target, fields: [("action", "remove"), ("id", webhook.id)],
                    style: .quiet, icon: "trash-2", context))</p>\
                <details><summary>\(t.deliveries)</summary>\(log)</details>
                """
        }
        return """
            <p class="hint">\(t.webhooksNote)</p>\(each: items)<h3>\(t.webhookNew)</h3>\
            \(form(.webhooks, "add", to: "webhooks", context,
                """
                <div class="inline-fields">\(Form.field(
                    "URL", for: "hook-url",
                    Form.input(
                        "url", id: "hook-url", value: value("url", "", in: .webhooks), type: "url",
                        placeholder: "https://ci.example.com/hook", required: true, maximum: 2_000)))\
                \(Form.field(
                    t.webhookSecret, for: "hook-secret", hint: t.webhookSecretHint,
                    Form.input(
                        "secret", id: "hook-secret", type: "password", autocomplete: "new-password", maximum: 256,
                        describedBy: "hook-secret-hint")))\
                \(Button.submit(t.webhookAdd, icon: "plus"))</div>
                """))
            """
    }

    // MARK: What cannot be undone

    private func danger(_ context: PageContext) -> HTML? {
        guard let consequences else { return nil }
        let t = context.t
        return """
            <h3>\(t.renameTitle)</h3><p class="hint">\(t.renameNote)</p>\
            \(form(.danger, "rename", to: "danger", context,
                """
                <div class="inline-fields">\(Form.field(
                    t.repositoryOwner, for: "new-owner",
                    Form.input(
                        "namespace", id: "new-owner", value: value("namespace", header.namespace, in: .danger),
                        required: true, maximum: 96)))\
                \(Form.field(
                    t.repositoryName, for: "new-name",
                    Form.input(
                        "name", id: "new-name", value: value("name", header.name, in: .danger), required: true,
                        maximum: 96)))\
                \(Button.submit(t.rename))</div>
                """))
            <h3>\(t.deleteRepository)</h3><p>\(t.deleteRepositoryNote)</p>\
            <ul class="consequences">\
            <li>\(t.deleteFiles(consequences.branches, consequences.tags))</li>\
            <li>\(t.deleteTalk(consequences.discussions, consequences.likes))</li>\
            <li>\(t.deleteClients(t.compact(consequences.downloads)))</li></ul>\
            \(form(.danger, "delete", to: "danger", context,
                """
                \(Form.field(
                    t.deleteConfirm(header.path), for: "confirm",
                    Form.input(
                        "confirm", id: "confirm", value: value("confirm", "", in: .danger), required: true,
                        autocomplete: "off", maximum: 200)))\
                <p class="actions">\(Button.submit(t.deleteRepository, style: .danger, icon: "trash-2"))</p>
                """))
            """
    }
}

/// How long something may last.
enum SettingsDays {
    static func options(_ t: L10n) -> [(value: String, label: String)] {
        [("", t.never)] + [7, 30, 90, 365].map { ("\($0)", t.inDays($0)) }
    }
}

/// A mirror, whose settings are its upstream's.
package struct MirrorSettingsPage: Sendable {
    package let header: RepositoryHeader
    package let mirror: String

    package init(header: RepositoryHeader, mirror: String) {
        self.header = header
        self.mirror = mirror
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let isAdministrator = context.visitor?.isAdministrator == true
        let links: HTML? =
            isAdministrator
            ? """
            <p class="actions">\(Button.link(t.mirrorPolicy, to: "/console/policies/\(URLText.component(mirror))", icon: "shield-check"))\
            \(Button.link(t.mirrorRetention, to: "/console/storage", icon: "database"))\
            \(Button.link(t.mirrorSync, to: "/console/sync", icon: "refresh-cw"))</p>
            """ : nil
        let body: HTML = """
            \(header.view(nil, context))
            \(Alert.view(
                .info, title: t.mirrorReadOnly(header.upstream ?? mirror),
                "<p>\(t.mirrorReadOnlyNote)</p>\(links)"))
            """
        return Page(title: "\(t.settings) · \(header.path)", section: header.kind.section, body: body, status: 403)
    }
}
