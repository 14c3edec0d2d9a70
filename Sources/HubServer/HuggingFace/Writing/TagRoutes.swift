import HTTPTypes
import HubCore

/// `POST /api/{kind}/{namespace}/{name}/tag/{revision}` and `DELETE …/tag/{tag}`
struct TagRoutes: RouteFamily {
    let access: RepositoryAccess

    private struct Body: Decodable {
        var tag: String
        var message: String?
    }

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}/tag/{revision...}"
        return [
            Route(.post, path, .repository(.contentWrite), errors: access.errors) { request in
                let repository = try await access.open(request, kind, .contentWrite)
                let body = try await request.body.json(Body.self, upTo: 1 << 20)
                let revision = try access.revision(try request.parameter("revision"), of: repository)
                try await access.repositories.createTag(
                    body.tag, of: revision, message: body.message, in: repository)
                return .status(201)
            },
            Route(.delete, path, .repository(.contentWrite), errors: access.errors) { request in
                let repository = try await access.open(request, kind, .contentWrite)
                try await access.repositories.deleteTag(try request.parameter("revision"), in: repository)
                return .status(200)
            },
        ]
    }
}
