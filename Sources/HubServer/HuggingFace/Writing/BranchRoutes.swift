import HTTPTypes
import HubCore

/// `POST|DELETE /api/{kind}/{namespace}/{name}/branch/{branch}`
struct BranchRoutes: RouteFamily {
    let access: RepositoryAccess

    private struct Body: Decodable {
        var startingPoint: String?
    }

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}/branch/{branch...}"
        return [
            Route(.post, path, .repository(.contentWrite), errors: access.errors) { request in
                let repository = try await access.open(request, kind, .contentWrite)
                let body = request.body.isEmpty ? Body() : try await request.body.json(Body.self, upTo: 64 << 10)
                try await access.repositories.createBranch(
                    try request.parameter("branch"), from: try access.revision(body.startingPoint, of: repository),
                    in: repository)
                return .status(201)
            },
            Route(.delete, path, .repository(.contentWrite), errors: access.errors) { request in
                let repository = try await access.open(request, kind, .contentWrite)
                try await access.repositories.deleteBranch(try request.parameter("branch"), in: repository)
                return .status(200)
            },
        ]
    }
}

extension RepositoryAccess {
    /// A revision as a client wrote it; nil for none.
    /// - Throws: `.revisionNotFound` for what git would not take as a name.
    func revision(_ text: String?, of repository: Repository) throws -> Revision? {
        guard let text, !text.isEmpty else { return nil }
        guard let revision = Revision(text) else {
            throw HubError(.revisionNotFound, "'\(text)' is not a revision of \(repository.id).")
        }
        return revision
    }
}
