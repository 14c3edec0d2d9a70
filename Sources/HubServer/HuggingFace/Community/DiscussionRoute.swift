import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}/discussions/{num}[?diff=1]`: a discussion with all that happened in it.
struct DiscussionRoute: RouteFamily {
    let access: RepositoryAccess
    let discussions: Discussions

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .get, "/api/\(kind.plural)/{namespace}/{name}/discussions/{num}", .repository(.metaRead),
                errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .metaRead)
        let showsDifference = try request.query.bool("diff", default: false)
        let (discussion, events) = try await discussions.details(
            try DiscussionPath.number(request), of: repository)
        let conflicts = try await discussions.conflicts(of: discussion, in: repository)
        let difference = showsDifference ? try await discussions.difference(of: discussion, in: repository) : nil
        return HubResponse.json { json in
            json.object { json in
                json.members(of: discussion, in: repository.id)
                json.array("events") { json in
                    for event in events { json.event(event) }
                }
                guard let pull = discussion.pullRequest else { return }
                json.object("changes") { json in
                    json.member("base", pull.base.name)
                    if let commit = pull.mergeCommit { json.member("mergeCommitId", commit.hex) }
                }
                json.member("filesWithConflicts", conflicts)
                if showsDifference { json.member("diff", difference) }
            }
        }
    }
}
