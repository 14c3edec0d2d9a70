import HTTPTypes
import HubCore

/// Names of one part (`gpt2`), which the community's hub has from its early days and this one has not: no such
/// repository, rather than no such page (wire/huggingface.md §10).
struct LegacyNameRoute: RouteFamily {
    /// What follows a repository's name in API paths.
    private static let messages: Set<String> = [
        "revision", "tree", "paths-info", "refs", "commits", "auth-check", "resolve", "treesize", "preupload", "commit",
        "branch", "tag", "super-squash", "settings", "lfs-files", "duplicate", "like", "likers", "discussions",
        "user-access-request", "xet-read-token", "xet-write-token",
    ]

    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        // The rest of a path is tried last, so a repository that is called `tree` keeps its routes.
        let facts = "/api/\(kind.plural)/{rest...}"
        return [
            Route(.get, facts, .open, errors: access.errors) { try await answer($0, kind) },
            Route(.post, facts, .open, errors: access.errors) { try await answer($0, kind) },
            Route(.put, facts, .open, errors: access.errors) { try await answer($0, kind) },
            Route(.delete, facts, .open, errors: access.errors) { try await answer($0, kind) },
        ]
            + ["resolve", "raw"].map { word in
                Route(
                    .get, "\(kind.downloadPrefix)/{name}/\(word)/{revision}/{path...}", .open, head: true,
                    errors: access.errors
                ) { request in
                    throw RepositoryAccess.notFound(
                        try request.parameter("name"), kind, try await request.principal())
                }
            }
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let parts = try request.parameter("rest").split(separator: "/").map(String.init)
        guard let name = parts.first, parts.count == 1 || Self.messages.contains(parts[1]) else {
            throw HubError(.notFound, "There is nothing at \(request.path).")
        }
        throw RepositoryAccess.notFound(name, kind, try await request.principal())
    }
}
