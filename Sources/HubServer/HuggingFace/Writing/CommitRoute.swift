import HTTPTypes
import HubCore

/// `POST /api/{kind}/{namespace}/{name}/commit/{revision}`: changes of any number of files in one commit.
struct CommitRoute: RouteFamily {
    let access: RepositoryAccess

    private var discussions: Discussions {
        Discussions(repositories: access.repositories, authorizer: access.authorizer)
    }

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
        let (repository, opensPullRequest) = try await access.openForCommit(request, kind, to: target.revision)
        guard target.path.isEmpty else { throw HubError(.notFound, "There is nothing at \(request.path).") }
        let ref = try await access.repositories.target(named: target.revision, of: repository)
        try await access.repositories.requireTarget(ref, of: repository)
        let reader = CommitReader(repositories: access.repositories, repository: repository)
        let draft = try await reader.draft(from: request.body, to: ref)
        let commit: CommitID
        var pullRequest: Int64?
        if opensPullRequest {
            let opened = try await discussions.openPullRequest(from: draft, in: repository)
            (commit, pullRequest) = (opened.commit, opened.discussion.num)
        } else {
            commit = try await access.repositories.commit(draft, to: repository).commit
        }
        return HubResponse.json { json in
            json.object { json in
                json.member("success", true)
                json.member("commitOid", commit.hex)
                json.member("commitUrl", "\(request.page(of: repository.id))/commit/\(commit.hex)")
                json.member("hookOutput", "")
                if let pullRequest {
                    json.member("pullRequestUrl", "\(request.page(of: repository.id))/discussions/\(pullRequest)")
                }
            }
        }
    }
}
