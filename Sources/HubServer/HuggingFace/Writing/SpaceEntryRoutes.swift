import HTTPTypes
import HubCore

/// `/api/spaces/{namespace}/{name}/secrets` and `…/variables`: what the application in a space is told by its
/// environment. Secrets are written and never read (wire/huggingface.md §6).
struct SpaceEntryRoutes: RouteFamily {
    let access: RepositoryAccess
    let entries: SpaceEntries

    private static let bodyLimit = 1 << 20

    func routes(for kind: RepositoryKind) -> [Route] {
        guard kind == .space else { return [] }
        return SpaceEntry.Kind.allCases.flatMap { entry -> [Route] in
            let path = "/api/\(kind.plural)/{namespace}/{name}/\(entry.plural)"
            let errors = access.errors
            return [
                Route(.get, path, .repository(.settings), errors: errors) { request in
                    try await list(try await access.open(request, kind, .settings), entry)
                },
                Route(.post, path, .repository(.settings), errors: errors) { try await set($0, entry) },
                Route(.delete, path, .repository(.settings), errors: errors) { try await remove($0, entry) },
            ]
        }
    }

    private struct Entry: Decodable {
        let key: String
        let value: String
        let description: String?
    }

    private struct Name: Decodable { let key: String }

    private func set(_ request: HubRequest, _ kind: SpaceEntry.Kind) async throws -> HubResponse {
        let space = try await access.open(request, .space, .settings)
        let entry = try await request.body.json(Entry.self, upTo: Self.bodyLimit)
        try await entries.set(entry.key, to: Secret(entry.value), description: entry.description, kind, of: space)
        return try await list(space, kind)
    }

    private func remove(_ request: HubRequest, _ kind: SpaceEntry.Kind) async throws -> HubResponse {
        let space = try await access.open(request, .space, .settings)
        let key = try await request.body.json(Name.self, upTo: Self.bodyLimit).key
        try await entries.remove(key, kind, of: space)
        return try await list(space, kind)
    }

    private func list(_ space: Repository, _ kind: SpaceEntry.Kind) async throws -> HubResponse {
        let found = try await entries.list(kind, of: space)
        return .json { json in
            json.object { json in
                for entry in found {
                    json.object(entry.key) { json in
                        json.member("key", entry.key)
                        if let value = entry.value { json.member("value", value) }
                        json.member("description", entry.description)
                        json.member("updatedAt", JSONDate.text(milliseconds: entry.updatedAt))
                    }
                }
            }
        }
    }
}

extension SpaceEntry.Kind {
    fileprivate var plural: String {
        switch self {
        case .secret: "secrets"
        case .variable: "variables"
        }
    }
}
