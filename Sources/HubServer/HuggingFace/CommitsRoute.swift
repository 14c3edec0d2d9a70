import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}/commits/{revision}`: history, newest first, by pages.
struct CommitsRoute: RouteFamily {
    private static let defaultLimit = 50
    private static let maximumLimit = 1_000
    private static let maximumPage = 1_000_000

    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            // The rest is for `refs/pr/1` with its slashes as they are.
            Route(
                .get, "/api/\(kind.plural)/{namespace}/{name}/commits/{revision}/{path...}", .repository(.metaRead),
                errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let page = try request.query.integer("p", in: 0...Self.maximumPage) ?? 0
        let limit = min(try request.query.integer("limit", in: 1...Int.max) ?? Self.defaultLimit, Self.maximumLimit)
        let isFormatted = request.query.all("expand").contains("formatted")
        let target = try RevisionPath(request)
        return try await access.answer(request, kind, .metaRead, at: target.revision) { snapshot in
            let found = try await access.repositories.history(
                of: snapshot, path: target.path.isEmpty ? nil : target.path, skip: page * limit, limit: limit + 1)
            let response = HubResponse.json { json in
                json.array { json in
                    for commit in found.prefix(limit) { Self.write(commit, isFormatted: isFormatted, to: &json) }
                }
            }
            return found.count > limit ? response.linkingNext(request, "p", String(page + 1)) : response
        }
    }

    private static func write(_ commit: CommitInfo, isFormatted: Bool, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", commit.id.hex)
            json.member("title", commit.title)
            json.member("message", commit.body)
            json.array("authors") { $0.object { $0.member("user", commit.author.name) } }
            json.member("date", JSONDate.text(commit.committer.date))
            if isFormatted {
                json.object("formatted") { json in
                    json.member("title", escapingHTML(commit.title))
                    json.member("message", escapingHTML(commit.body))
                }
            }
        }
    }

    private static func escapingHTML(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
