import HubCore

/// `GET …/branches`: `[{"name","message","commit":{"id"}}]`, all of them unless a page is asked for.
struct CSGHubRefsRoutes: CSGHubRouteFamily {
    let context: CSGHubContext

    var routes: [Route] { [context.repositoryRoute("/branches", .metaRead, handler: branches)] }

    private func branches(_ request: HubRequest) async throws -> HubResponse {
        // csghub-sdk looks for its branch in the first answer.
        let page = request.query.first("per") == nil ? nil : try CSGHubPage(request.query)
        let repository = try await context.open(request, .metaRead)
        let (refs, freshness) = try await context.access.repositories.refs(of: repository)
        let all = refs.filter(\.name.isBranch)
        let shown = page.map { all.dropFirst($0.offset).prefix($0.per) } ?? all[...]
        return HubResponse.enveloped(total: Int64(all.count)) { json in
            json.array { json in
                for ref in shown {
                    json.object { json in
                        json.member("name", ref.name.shortName)
                        json.member("message", "")
                        json.object("commit") { $0.member("id", (ref.peeled ?? ref.target).hex) }
                    }
                }
            }
        }.showing(freshness, now: context.access.clock.now())
    }
}
