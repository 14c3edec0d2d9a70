import HTTPTypes
import HubCore

/// `POST /api/{kind}/{namespace}/{name}/commit/{revision}`: changes of any number of files in one commit.
struct CommitRoute: RouteFamily {
    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .post, "/api/\(kind.plural)/{namespace}/{name}/commit/{revision}/{path...}",
                .repository(.contentWrite), errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let target = try RevisionPath(request)
        let repository = try await access.open(request, kind, .contentWrite)
        guard target.path.isEmpty else { throw HubError(.notFound, "There is nothing at \(request.path).") }
        guard try !request.query.bool("create_pr", default: false) else {
            throw HubError(
                .notSupported, "Pull requests are not supported by this version.", remedy: "Commit to a branch.")
        }
        let ref = try await access.repositories.target(named: target.revision, of: repository)
        try await access.repositories.requireTarget(ref, of: repository)
        let reader = CommitReader(repositories: access.repositories, repository: repository)
        let draft = try await reader.draft(from: request.body, to: ref)
        let outcome = try await access.repositories.commit(draft, to: repository)
        return HubResponse.json { json in
            json.object { json in
                json.member("success", true)
                json.member("commitOid", outcome.commit.hex)
                json.member("commitUrl", "\(request.page(of: repository.id))/commit/\(outcome.commit.hex)")
                json.member("hookOutput", "")
            }
        }
    }
}
