import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}/auth-check[/write]`: 200 when the caller may read, or write.
struct AuthCheckRoute: RouteFamily {
    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}/auth-check"
        return [
            Route(.get, path, .repository(.contentRead), errors: access.errors) { request in
                let repository = try await access.open(request, kind, .contentRead)
                do {
                    // The gate decides on a commit, so one is looked at.
                    _ = try await access.repositories.snapshot(of: repository, at: nil)
                } catch let error as HubError where error.code == .revisionNotFound {
                    // An empty repository holds nothing to refuse.
                }
                return .status(200)
            },
            Route(.get, "\(path)/write", .repository(.contentWrite), errors: access.errors) { request in
                _ = try await access.open(request, kind, .contentWrite)
                return .status(200)
            },
        ]
    }
}
