import HTTPTypes
import HubCore

/// `PUT {R}/relations`, and `POST|DELETE {R}/relations/dataset|model`: what a repository was made with. It stands in the
/// repository's card, so that it goes wherever the repository goes.
struct CSGHubRelationWriteRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10
    private static let maximumRelations = 100
    private static let maximumCard = 1 << 20

    let context: CSGHubContext

    var routes: [Route] {
        [context.repositoryRoute(.put, "/relations", .contentWrite, handler: set)]
            + [RepositoryKind.dataset, .model].flatMap { kind in
                [
                    context.repositoryRoute(.post, "/relations/\(kind.rawValue)", .contentWrite) { request in
                        try await add(request, kind)
                    },
                    context.repositoryRoute(.delete, "/relations/\(kind.rawValue)", .contentWrite) { request in
                        try await remove(request, kind)
                    },
                ]
            }
    }

    private struct Lists: Decodable {
        var datasets: [String]?
        var models: [String]?
    }

    private func set(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .contentWrite)
        let body = try await request.body.json(Lists.self, upTo: Self.maximumBody)
        let wanted = [(RepositoryKind.dataset, body.datasets), (.model, body.models)].compactMap { kind, paths in
            paths.map { (kind, $0) }
        }
        try await change(repository) { _ in
            try wanted.map { kind, paths in (kind, try paths.map { try Self.path($0, kind) }) }
        }
        return .csghubDone
    }

    private struct One: Decodable {
        var dataset: String?
        var model: String?
    }

    private func add(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await context.open(request, .contentWrite)
        let path = try await named(request, kind)
        if let id = RepositoryID(kind: kind, path: path) {
            // Who may not see it does not learn so that it is there.
            _ = try await Authorizer(store: context.access.store, source: nil).open(
                repository.principal, .discover, id)
        }
        try await change(repository) { card in
            let present = card.data?[Self.key(of: kind)]?.strings ?? []
            return [(kind, present.contains(path) ? present : present + [path])]
        }
        return .csghubDone
    }

    private func remove(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await context.open(request, .contentWrite)
        let path = try await named(request, kind)
        try await change(repository) { card in
            let present = card.data?[Self.key(of: kind)]?.strings ?? []
            guard present.contains(path) else {
                throw HubError(.notFound, "The card of \(repository.id) does not name '\(path)'.")
            }
            return [(kind, present.filter { $0 != path })]
        }
        return .csghubDone
    }

    private func named(_ request: HubRequest, _ kind: RepositoryKind) async throws -> String {
        let body = try await request.body.json(One.self, upTo: Self.maximumBody)
        guard let path = kind == .dataset ? body.dataset : body.model else {
            throw HubError(.badRequest, "The JSON body has no \(kind.rawValue).")
        }
        return try Self.path(path, kind)
    }

    private static func path(_ text: String, _ kind: RepositoryKind) throws -> String {
        guard let id = RepositoryID(kind: kind, path: text) else { throw CSGHubRefusal.invalidName(text) }
        return id.path
    }

    /// Hugging Face's cards have the same keys.
    private static func key(of kind: RepositoryKind) -> String { kind == .dataset ? "datasets" : "models" }

    /// Commits the card with other lists; one that is as it should be is left alone.
    private func change(_ repository: Repository, _ lists: (Card) throws -> [(RepositoryKind, [String])]) async throws {
        let target = CSGHubTarget(branch: nil, newBranch: nil, repository)
        let ref = try await target.ref(by: context.repositories)
        let (old, blob) = try await card(of: repository, at: ref)
        var bytes = old
        for (kind, paths) in try lists(Card(readme: old)) {
            guard paths.count <= Self.maximumRelations else {
                throw HubError(.badRequest, "A card names \(Self.maximumRelations) \(kind.plural) at most.")
            }
            bytes = try CardEdit.setting(Self.key(of: kind), to: paths, in: bytes)
        }
        guard bytes != old else { return }
        let path = try CSGHubCommitFile.parse("README.md")
        var draft = CommitDraft(ref: ref, operations: [], summary: "Say what it was made with")
        draft.preconditions = [blob.map { .file(path, blob: $0) } ?? .absent(path, orHolding: nil)]
        draft.operations = [
            try await CSGHubIncomingFile(path: path, repository: repository).operation(bytes, by: context.repositories)
        ]
        _ = try await target.commit(draft, by: context.repositories)
    }

    private func card(of repository: Repository, at ref: RefName) async throws -> ([UInt8], ObjectID?) {
        do {
            let snapshot = try await context.repositories.snapshot(of: repository, at: .ref(ref))
            let entry = try await context.repositories.entry(at: "README.md", in: snapshot)
            guard entry.lfs == nil, entry.size <= Self.maximumCard,
                case .object(let bytes) = try await context.repositories.open(entry, in: snapshot, isPull: false)
                    .content
            else { throw HubError(.unprocessable, "README.md of \(repository.id) is no card.") }
            return (bytes, entry.id)
        } catch let error as HubError where error.code == .revisionNotFound || error.code == .entryNotFound {
            return ([], nil)
        }
    }
}
