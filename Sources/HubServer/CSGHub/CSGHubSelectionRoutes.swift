import HTTPTypes
import HubCore

/// `POST /list/{kind}_by_path` and `POST /recom/opweight`: repositories that are named or picked.
struct CSGHubSelectionRoutes: CSGHubRouteFamily {
    private static let maximumBody = 256 << 10
    private static let maximumPaths = 100

    let context: CSGHubContext

    var routes: [Route] {
        [RepositoryKind.model, .dataset, .space].map { kind in
            context.route(.post, "/list/\(kind.plural)_by_path", .open) { try await named($0, kind) }
        } + [context.route(.post, "/recom/opweight", .admin, handler: weigh)]
    }

    private var known: Authorizer { Authorizer(store: context.access.store, source: nil) }

    private struct Paths: Decodable { let paths: [String] }

    /// Those that are here and may be seen, in the order they are named; no upstream is asked about the others.
    private func named(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let paths = try await request.body.json(Paths.self, upTo: Self.maximumBody).paths
        guard paths.count <= Self.maximumPaths else {
            throw HubError(.badRequest, "Name \(Self.maximumPaths) repositories at once at most.")
        }
        let principal = try await request.principal()
        var found: [RepositorySummary] = []
        for id in paths.compactMap({ RepositoryID(kind: kind, path: $0) }) {
            do {
                found.append(
                    try await context.access.store.summary(of: try await known.open(principal, .discover, id)))
            } catch let error as HubError where error.code == .repositoryNotFound {
                continue
            }
        }
        let shown = try await context.shown(found)
        return .enveloped { json in
            json.array { json in for item in shown { json.csghubRepository(item, for: request) } }
        }
    }

    private struct Weight: Decodable {
        let key: Int64
        var weight: Int64?

        enum CodingKeys: String, CodingKey {
            case key = "repo_id"
            case weight
        }
    }

    private func weigh(_ request: HubRequest) async throws -> HubResponse {
        let body = try await request.body.json(Weight.self, upTo: Self.maximumBody)
        guard let id = try await context.access.store.name(of: body.key) else {
            throw HubError(.repositoryNotFound, "There is no repository \(body.key).")
        }
        let repository = try await known.open(try await request.principal(), .discover, id)
        try await context.access.store.setWeight(body.weight ?? 0, of: repository)
        return .csghubDone
    }
}
