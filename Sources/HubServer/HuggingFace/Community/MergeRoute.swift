import HTTPTypes
import HubCore

/// `POST /api/{kind}/{namespace}/{name}/discussions/{num}/merge`: puts a pull request's commits on its base.
struct MergeRoute: RouteFamily {
    let access: RepositoryAccess
    let discussions: Discussions

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .post, "/api/\(kind.plural)/{namespace}/{name}/discussions/{num}/merge", .repository(.contentWrite),
                errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private struct Merge: Decodable { let comment: String? }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let repository = try await access.open(request, kind, .contentWrite)
        let num = try DiscussionPath.number(request)
        // Without a comment clients send no body, or `null`.
        let body = request.body.isEmpty ? nil : try await request.body.json(Merge?.self, upTo: 1 << 20)
        switch try await discussions.merge(num, comment: body?.comment, in: repository) {
        case .merged(let commit):
            return HubResponse.json { json in
                json.object { json in
                    json.member("success", true)
                    json.member("mergeCommitId", commit.hex)
                }
            }
        case .conflicts(let paths):
            let error = HubError(
                .conflict, "The pull request \(num) cannot be merged: its base changed the same files.",
                remedy: "Bring it up to date with its base first.")
            return HubResponse.json(status: error.status) { json in
                json.object { json in
                    json.member("error", error.line)
                    json.member("filesWithConflicts", paths)
                }
            }.with("X-Error-Message", error.line)
        }
    }
}
