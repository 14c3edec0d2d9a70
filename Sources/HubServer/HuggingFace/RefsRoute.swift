import HTTPTypes
import HubCore

/// `GET /api/{kind}/{namespace}/{name}/refs[?include_prs=1]`
struct RefsRoute: RouteFamily {
    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        [
            Route(
                .get, "/api/\(kind.plural)/{namespace}/{name}/refs", .repository(.metaRead), errors: access.errors
            ) { try await answer($0, kind) }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let includesPullRequests = try request.query.bool("include_prs", default: false)
        let repository = try await access.open(request, kind, .metaRead)
        let (refs, freshness) = try await access.repositories.refs(of: repository)
        let response = HubResponse.json { json in
            json.object { json in
                Self.write("branches", "refs/heads/", refs, to: &json)
                Self.write("converts", "refs/convert/", refs, to: &json)
                Self.write("tags", "refs/tags/", refs, to: &json)
                if includesPullRequests { Self.write("pullRequests", "refs/pr/", refs, to: &json) }
            }
        }
        return response.showing(freshness, now: access.clock.now())
    }

    private static func write(_ member: String, _ prefix: String, _ refs: [Ref], to json: inout JSONWriter) {
        json.array(member) { json in
            for ref in refs where ref.name.name.hasPrefix(prefix) {
                json.object { json in
                    json.member("name", String(ref.name.name.dropFirst(prefix.count)))
                    json.member("ref", ref.name.name)
                    json.member("targetCommit", (ref.peeled ?? ref.target).hex)
                }
            }
        }
    }
}
