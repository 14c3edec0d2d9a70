import HTTPTypes
import HubCore

/// `DELETE /api/repos/delete`: removes the repository that the body names.
struct RepositoryDeletionRoute: Sendable {
    let access: RepositoryAccess

    var routes: [Route] {
        [Route(.delete, "/api/repos/delete", .repository(.delete), errors: access.errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.signedIn()
        let id = try await request.body.json(RepositoryFields.self, upTo: 64 << 10).id(for: principal)
        try await access.repositories.delete(access.authorizer.open(principal, .delete, id))
        return .status(200)
    }
}
