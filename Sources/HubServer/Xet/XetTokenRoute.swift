import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}/xet-{read|write}-token/{revision}`: where the content-addressed storage is, and a
/// token for it. The revision says nothing: what may be committed where is decided at the commit.
struct XetTokenRoute: RouteFamily {
    let access: RepositoryAccess
    let signer: XetGrantSigner
    let service: XetService

    func routes(for kind: RepositoryKind) -> [Route] {
        let path = "/api/\(kind.plural)/{namespace}/{name}"
        return [
            Route(
                .get, "\(path)/xet-read-token/{revision}/{path...}", .repository(.contentRead), errors: access.errors
            ) { request in
                let repository = try await access.open(request, kind, .contentRead)
                if repository.isMirror {
                    // The gate decides on a commit, so one is looked at.
                    _ = try await access.repositories.snapshot(of: repository, at: nil)
                }
                return answer(request, signer.grant(.read, for: repository))
            },
            Route(
                .get, "\(path)/xet-write-token/{revision}/{path...}", .repository(.contentWrite), errors: access.errors
            ) { request in
                // Clients that open a pull request ask with `create_pr`; those that go on with one ask for its ref.
                let repository = try await access.openForUpload(
                    request, kind, to: try RevisionPath(request).revision)
                return answer(request, signer.grant(repository.verb == .discuss ? .propose : .write, for: repository))
            },
        ]
    }

    /// The same in the body, which the Xet library reads, and in headers, which the Python client reads.
    private func answer(_ request: HubRequest, _ grant: XetGrant) -> HubResponse {
        let storage = request.url("/_cas/\(service.generation)")
        let token = signer.token(for: grant)
        var response = HubResponse.json { json in
            json.object {
                $0.member("casUrl", storage)
                $0.member("exp", grant.expiry)
                $0.member("accessToken", token)
            }
        }
        response.headers["X-Xet-Cas-Url"] = storage
        response.headers["X-Xet-Access-Token"] = token
        response.headers["X-Xet-Token-Expiration"] = String(grant.expiry)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
