import HTTPTypes
import HubCore

/// `POST /api/{kind}/{namespace}/{name}/super-squash/{branch}`: one commit in place of a branch's history.
struct SquashRoute: RouteFamily {
    let access: RepositoryAccess

    private struct Body: Decodable {
        var message: String?
    }

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .post, "/api/\(kind.plural)/{namespace}/{name}/super-squash/{branch...}", .repository(.contentWrite),
                errors: access.errors
            ) { request in
                let repository = try await access.open(request, kind, .contentWrite)
                let body = request.body.isEmpty ? Body() : try await request.body.json(Body.self, upTo: 1 << 20)
                let branch = try request.parameter("branch")
                let commit = try await access.repositories.squash(
                    branch, message: body.message ?? "Super-squash branch '\(branch)'", in: repository)
                return HubResponse.json { json in json.object { $0.member("commitOid", commit.hex) } }
            }
        ]
    }
}
