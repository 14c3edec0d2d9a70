import HTTPTypes
import HubCore

/// `POST /api/repos/move`: gives a repository another name. Requests for the old one are redirected from then on.
struct RepositoryMoveRoute: Sendable {
    let access: RepositoryAccess

    private struct Body: Decodable {
        var fromRepo: String
        var toRepo: String
        var type: String?
    }

    var routes: [Route] {
        [Route(.post, "/api/repos/move", .repository(.delete), errors: access.errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.signedIn()
        let body = try await request.body.json(Body.self, upTo: 64 << 10)
        let kind = try RepositoryFields.kind(body.type)
        guard let source = RepositoryID(kind: kind, path: body.fromRepo) else {
            throw RepositoryAccess.notFound(body.fromRepo, kind, principal)
        }
        let repository = try await access.authorizer.open(principal, .delete, source)
        guard !repository.isMirror else {
            throw HubError(.forbidden, "\(repository.id) is a mirror, which keeps its upstream's name.")
        }
        guard let target = RepositoryID(kind: kind, path: body.toRepo) else {
            throw HubError(.badRequest, "'\(body.toRepo)' is no repository name.")
        }
        try await access.repositories.rename(repository, to: target, authorizer: access.authorizer)
        return HubResponse.json { json in
            json.object { $0.member("url", request.page(of: target)) }
        }
    }
}
