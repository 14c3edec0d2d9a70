import HubCore
import MirrorGateway
import WebPages

/// Everything that the settings of a repository show to one reader.
struct SettingsScene: Sendable {
    let web: WebContext
    /// Opened for `.settings`.
    let scene: RepositoryScene

    private var repository: Repository { scene.repository }
    private var store: RepositoryStore { web.gateway.hub.store }
    private var repositories: RepositoryService { web.gateway.repositories }
    private var authorizer: Authorizer { web.gateway.authorizer }

    func page() async throws -> RepositorySettingsPage {
        let profile = try await store.profiles(of: [repository.key])[repository.key] ?? .empty
        let protections = try await repositories.protections(of: repository)
        let refs = try await repositories.refs(of: repository).refs.map(\.name)
        let discussions = try await store.setting("discussionsDisabled", of: repository.key)
        return RepositorySettingsPage(
            header: scene.header, visibility: repository.visibility.rawValue, nickname: profile.nickname ?? "",
            description: profile.description ?? "", tags: try await tags(),
            discussionsAreOn: discussions != .boolean(true),
            branches: refs.filter(\.isBranch).map(\.shortName),
            protections: protections.rules.map {
                RepositorySettingsPage.Protection(pattern: $0.pattern, isFrozen: $0.level == .frozen)
            },
            gating: Self.word(repository.gating), requests: try await requests(), grants: try await grants(),
            deployKeys: try await deployKeys(), webhooks: try await webhooks(),
            consequences: try await consequences(refs))
    }

    private static func word(_ gating: Repository.Gating) -> String { gating.rawValue }

    /// The same repository for something else, where the reader may do that.
    private func opened(_ verb: Verb) async throws -> Repository? {
        do {
            return try await authorizer.open(scene.principal, verb, repository.id)
        } catch let error as HubError where error.status < 500 {
            return nil
        }
    }

    private func tags() async throws -> [String] {
        guard let readable = try await opened(.contentRead) else { return [] }
        do {
            let snapshot = try await repositories.snapshot(of: readable, at: nil)
            let text = try await EditedText("README.md", in: snapshot, by: repositories).text
            return Card(readme: Array((text ?? "").utf8)).data?["tags"]?.strings ?? []
        } catch let error as HubError where error.status < 500 {
            return []
        }
    }

    private func requests() async throws -> [RepositorySettingsPage.AccessRequest] {
        guard repository.gating != .open, let gate = try await opened(.gateApprove) else { return [] }
        var found: [RepositorySettingsPage.AccessRequest] = []
        for status in [AccessRequest.Status.pending, .accepted, .rejected] {
            found += try await store.accessRequests.list(status, of: gate, before: nil, limit: 100).map { item in
                RepositorySettingsPage.AccessRequest(
                    id: String(item.id, radix: 16), user: item.user.name, status: item.status.rawValue,
                    answers: Self.answers(item.fields), requestedAt: item.requestedAt)
            }
        }
        return found
    }

    private static func answers(_ fields: JSONValue) -> [String] {
        guard case .object(let members) = fields else { return [] }
        return members.prefix(20).compactMap { member in
            member.value.scalarText.map { "\(member.key): \($0.prefix(500))" }
        }
    }

    private func grants() async throws -> [RepositorySettingsPage.Grant]? {
        guard let opened = try await opened(.memberAdmin) else { return nil }
        let found = try await store.grants.list(at: try await authorizer.openGrants(on: opened))
        let names = try await store.grants.subjectNames(of: found)
        return found.map { grant in
            let name = names[grant.id] ?? "?"
            let subject: RepositorySettingsPage.Grant.Subject =
                switch grant.subject {
                case .everyone: .everyone
                case .authenticated: .signedIn
                case .user: .user(name)
                case .members: .members(name)
                case .team: .team(name)
                }
            return RepositorySettingsPage.Grant(
                id: String(grant.id, radix: 16), subject: subject, role: grant.role.name,
                isDenial: grant.effect == .deny, expiresAt: grant.expiresAt,
                part: [grant.part?.paths?.text, grant.part?.refs?.text].compactMap(\.self)
                    + grant.sources.map(\.description))
        }
    }

    private func deployKeys() async throws -> [RepositorySettingsPage.DeployKey]? {
        guard let opened = try await opened(.memberAdmin) else { return nil }
        return try await store.deployKeys.list(of: opened).map { key in
            RepositorySettingsPage.DeployKey(
                id: String(key.account.id, radix: 16), name: key.name, fingerprint: key.fingerprint,
                canWrite: key.canWrite, createdAt: key.account.createdAt, expiresAt: key.expiresAt)
        }
    }

    /// Those of the reader that watch this repository.
    private func webhooks() async throws -> [RepositorySettingsPage.Webhook] {
        let service = Webhooks(store: store)
        let id = repository.id
        guard scene.principal.token.map({ $0.scope >= .write }) ?? false else { return [] }
        var found: [RepositorySettingsPage.Webhook] = []
        for webhook in try await service.list(for: scene.principal) where Self.watches(webhook, id) {
            let deliveries = try await service.deliveries(
                of: webhook.id, for: scene.principal, authorizer: authorizer
            ).filter { $0.repository == nil || $0.repository?.path.lowercased() == id.path.lowercased() }
            found.append(
                RepositorySettingsPage.Webhook(
                    id: webhook.id.description, url: webhook.url, isOn: !webhook.isDisabled,
                    deliveries: deliveries.prefix(20).map { item in
                        RepositorySettingsPage.Webhook.Delivery(
                            id: item.id.description, event: "\(item.scope) · \(item.action)",
                            state: item.state.rawValue, status: item.status, note: item.note,
                            attempts: item.attempts, createdAt: item.createdAt)
                    }))
        }
        return found
    }

    static func watches(_ webhook: Webhook, _ id: RepositoryID) -> Bool {
        webhook.watched.contains { item in
            item.type == id.kind.rawValue && item.name.lowercased() == id.path.lowercased()
        }
    }

    private func consequences(_ refs: [RefName]) async throws -> RepositorySettingsPage.Consequences? {
        guard try await opened(.delete) != nil else { return nil }
        var query = DiscussionQuery()
        query.limit = 1
        var total: Int64 = 0
        if let readable = try await opened(.metaRead) {
            total = try await Discussions(repositories: repositories, authorizer: authorizer)
                .list(query, of: readable).total
        }
        return RepositorySettingsPage.Consequences(
            branches: refs.count(where: \.isBranch), tags: refs.count(where: \.isTag), discussions: total,
            likes: repository.likes, downloads: repository.downloads)
    }
}
