import HTTPTypes
import HubCore

/// `POST /api/{kind}/{namespace}/{name}/duplicate`: a repository of the caller's with the same content.
struct DuplicationRoute: RouteFamily {
    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .post, "/api/\(kind.plural)/{namespace}/{name}/duplicate", .repository(.contentRead),
                errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private struct Body: Decodable {
        var repository: String
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let source = try await access.open(request, kind, .contentRead)
        let principal = try await request.signedIn()
        let document = try await request.body.json(JSONValue.self, upTo: 1 << 20)
        let path = try document.decoded(Body.self).repository
        guard let target = RepositoryID(kind: kind, path: path) else {
            throw HubError(.badRequest, "'\(path)' is no repository name.")
        }
        let visibility = try document.decoded(VisibilityFields.self).asked() ?? source.visibility
        do {
            let copy = try await access.repositories.duplicate(
                source, to: target, visibility: visibility, authorizer: access.authorizer)
            return HubResponse.json { json in
                json.object { json in
                    json.member("url", request.page(of: copy.id))
                    json.member("filesCopyPending", false)
                }
            }
        } catch let error as HubError where error.code == .conflict {
            guard let present = try? await access.authorizer.open(principal, .metaRead, target) else { throw error }
            return RepositoryCreationRoute.conflict(error, present.id, request, access.errors)
        }
    }
}
