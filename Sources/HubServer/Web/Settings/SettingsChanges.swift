import HubCore
import MirrorGateway
import WebPages

/// What the forms of a repository's settings do.
struct SettingsChanges: Sendable {
    enum Outcome: Sendable {
        case saved(RepositorySettingsPage.Section)
        /// The settings are not where to go then.
        case elsewhere(String)
    }

    let web: WebContext

    private var store: RepositoryStore { web.gateway.hub.store }
    private var repositories: RepositoryService { web.gateway.repositories }
    private var authorizer: Authorizer { web.gateway.authorizer }

    /// Says which form it was that was not taken.
    private func within<Result: Sendable>(
        _ section: RepositorySettingsPage.Section, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as HubError {
            throw SettingsProblem(section: section, error: error)
        }
    }

    private static let unknown = HubError(.badRequest, "The form does not say what is to be done.")

    // MARK: `.settings`

    @Sendable func general(_ form: WebForm, _ scene: RepositoryScene, _ t: L10n) async throws -> Outcome {
        let repository = scene.repository
        switch form.first("action") {
        case "profile": return try await within(.general) { try await profile(form, scene, t) }
        case "visibility":
            return try await within(.general) {
                guard let visibility = Repository.Visibility(rawValue: form.text("visibility")) else {
                    throw Self.unknown
                }
                try await repositories.setVisibility(visibility, of: repository)
                return .saved(.general)
            }
        case "default-branch":
            return try await within(.branches) {
                try await repositories.setDefaultBranch(form.text("branch"), of: repository)
                return .saved(.branches)
            }
        case "protect":
            return try await within(.branches) {
                guard let level = BranchProtection.Level(rawValue: form.text("level")) else { throw Self.unknown }
                let rule = try BranchProtection(pattern: form.text("pattern"), level: level)
                var protections = try await repositories.protections(of: repository)
                protections.rules.removeAll { $0.pattern == rule.pattern }
                protections.rules.append(rule)
                try await repositories.protect(protections, of: repository)
                return .saved(.branches)
            }
        case "unprotect":
            return try await within(.branches) {
                var protections = try await repositories.protections(of: repository)
                protections.rules.removeAll { $0.pattern == form.text("pattern") }
                try await repositories.protect(protections, of: repository)
                return .saved(.branches)
            }
        case "gate":
            return try await within(.gate) {
                guard let gating = Repository.Gating(rawValue: form.text("gated")) else { throw Self.unknown }
                try await repositories.setGating(gating, of: repository)
                return .saved(.gate)
            }
        default: throw SettingsProblem(section: .general, error: Self.unknown)
        }
    }

    private func profile(_ form: WebForm, _ scene: RepositoryScene, _ t: L10n) async throws -> Outcome {
        let tags = form.text("tags").split(whereSeparator: { $0 == "," || $0 == "，" })
            .map { String($0.filter { !$0.isWhitespace }) }.filter { !$0.isEmpty }
        let isPlain = tags.allSatisfy { tag in
            tag.utf8.count <= 64
                && tag.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0)
                }
                && tag.first.map { $0.isLetter || $0.isNumber } ?? false
        }
        guard isPlain, tags.count <= 50 else { throw HubError(.badRequest, t.tagsInvalid) }
        try await repositories.set(
            RepositoryProfile(nickname: form.text("nickname"), description: form.text("description")),
            of: scene.repository)
        try await store.set(
            "discussionsDisabled", to: .boolean(!form.isTicked("discussions")), of: scene.repository)
        try await setTags(tags, scene)
        return .saved(.general)
    }

    /// Writes tags into the card, unless it has them already.
    private func setTags(_ tags: [String], _ scene: RepositoryScene) async throws {
        let readable = try await authorizer.open(scene.principal, .contentRead, scene.repository.id)
        var card: [UInt8] = []
        do {
            let snapshot = try await repositories.snapshot(of: readable, at: nil)
            guard let text = try await EditedText("README.md", in: snapshot, by: repositories).text else { return }
            card = Array(text.utf8)
        } catch let error as HubError where error.code == .entryNotFound || error.code == .revisionNotFound {
            card = []
        }
        guard Card(readme: card).data?["tags"]?.strings ?? [] != tags else { return }
        let edited = try CardEdit.setting("tags", to: tags, in: card)
        let writable = try await authorizer.open(scene.principal, .contentWrite, scene.repository.id)
        guard let path = GitPath("README.md"), let branch = RefName.branch(writable.defaultBranch) else { return }
        _ = try await repositories.commit(
            CommitDraft(
                ref: branch, operations: [.write(path: path, bytes: edited)], summary: "Change the tags of the card"),
            to: writable)
    }

    @Sendable func webhook(_ form: WebForm, _ scene: RepositoryScene, _ t: L10n) async throws -> Outcome {
        try await within(.webhooks) {
            let service = Webhooks(store: store)
            let id = scene.repository.id
            if form.first("action") == "add" {
                var change = WebhookChange()
                change.url = form.text("url")
                change.secret = form.first("secret")
                change.watched = [try Webhook.Watched(type: id.kind.rawValue, name: id.path)]
                _ = try await service.create(change, by: scene.principal)
                return .saved(.webhooks)
            }
            guard let hook = CommunityID(form.text("id")) else {
                throw HubError(.notFound, "You have no such webhook.")
            }
            switch form.first("action") {
            case "enable": _ = try await service.setDisabled(false, hook, by: scene.principal)
            case "disable": _ = try await service.setDisabled(true, hook, by: scene.principal)
            case "remove": try await service.delete(hook, by: scene.principal)
            case "redeliver":
                guard let delivery = CommunityID(form.text("delivery")) else {
                    throw HubError(.notFound, "You have no such message.")
                }
                _ = try await service.redeliver(delivery, of: hook, by: scene.principal)
                return .elsewhere("\(scene.header.address("settings"))?done=sent#webhooks")
            default: throw Self.unknown
            }
            return .saved(.webhooks)
        }
    }

    // MARK: `.gateApprove`

    @Sendable func request(_ form: WebForm, _ scene: RepositoryScene, _ t: L10n) async throws -> Outcome {
        try await within(.gate) {
            guard let status = AccessRequest.Status(rawValue: form.text("status")),
                let id = Int64(form.text("id"), radix: 16)
            else { throw Self.unknown }
            try await store.accessRequests.handle(
                .id(id), of: scene.repository, to: status, reason: form.first("reason"))
            return .saved(.gate)
        }
    }

    // MARK: `.memberAdmin`

    @Sendable func grant(_ form: WebForm, _ scene: RepositoryScene, _ t: L10n) async throws -> Outcome {
        try await within(.grants) {
            let place = try await authorizer.openGrants(on: scene.repository)
            if form.first("action") == "remove" {
                guard let id = Int64(form.text("id"), radix: 16) else { throw Self.unknown }
                try await store.grants.remove(id, at: place)
                return .saved(.grants)
            }
            _ = try await store.grants.add(
                try await subject(form, scene.principal),
                role: try await store.roles.role(named: form.text("role"), at: place), effect: .allow,
                expiresAt: try expiry(form), at: place)
            return .saved(.grants)
        }
    }

    private func subject(_ form: WebForm, _ principal: Principal) async throws -> AccessGrant.Subject {
        let name = form.text("name")
        switch form.first("kind") {
        case "everyone": return .everyone
        case "authenticated": return .authenticated
        case "organization":
            let organisation = try await authorizer.openOrganisation(principal, .discover, name)
            return .members(organisation: organisation.id, from: .reader)
        default:
            guard let account = try await web.gateway.hub.identities.account(named: name), account.kind != .deployKey
            else { throw HubError(.notFound, "There is no user called '\(name.prefix(96))'.") }
            return .user(account.id)
        }
    }

    @Sendable func deployKey(_ form: WebForm, _ scene: RepositoryScene, _ t: L10n) async throws -> Outcome {
        try await within(.keys) {
            if form.first("action") == "remove" {
                guard let id = Int64(form.text("id"), radix: 16) else { throw Self.unknown }
                try await store.deployKeys.remove(id, from: scene.repository)
                return .saved(.keys)
            }
            let text = form.text("key").filter { !$0.isNewline }
            let key = try SSHPublicKey(parsing: text)
            _ = try await store.deployKeys.add(
                key, name: form.first("name") ?? key.comment, canWrite: form.isTicked("write"),
                expiresAt: try expiry(form), to: scene.repository,
                at: try await authorizer.openGrants(on: scene.repository))
            return .saved(.keys)
        }
    }

    private func expiry(_ form: WebForm) throws -> Int64? {
        guard let text = form.first("days") else { return nil }
        guard let days = Int64(text), (1...3_650).contains(days) else { throw Self.unknown }
        return web.gateway.hub.clock.now() + days * 86_400_000
    }

    // MARK: `.delete`

    @Sendable func danger(_ form: WebForm, _ scene: RepositoryScene, _ t: L10n) async throws -> Outcome {
        try await within(.danger) {
            let repository = scene.repository
            switch form.first("action") {
            case "rename":
                guard !repository.isMirror else {
                    throw HubError(.forbidden, "\(repository.id) is a mirror, which keeps its upstream's name.")
                }
                guard
                    let target = RepositoryID(
                        kind: repository.id.kind, namespace: form.text("namespace"), name: form.text("name"))
                else { throw HubError(.unprocessable, t.repositoryNameInvalid) }
                try await repositories.rename(repository, to: target, authorizer: authorizer)
                return .elsewhere("/\(target.kind.plural)/\(target.path)/settings?done=renamed")
            case "delete":
                guard form.text("confirm") == repository.id.path else {
                    throw HubError(.unprocessable, t.deleteMismatch(repository.id.path))
                }
                try await repositories.delete(repository)
                return .elsewhere("/\(repository.id.kind.plural)?done=deleted")
            default: throw Self.unknown
            }
        }
    }
}
