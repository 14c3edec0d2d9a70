import HubCore

/// `GET /api/v1/{kind}`: the repositories the caller may see, by pages.
struct CSGHubListRoute: CSGHubRouteFamily {
    let context: CSGHubContext

    var routes: [Route] {
        [
            context.listRoute("") { try await answer($0, try context.kind(of: $0)) },
            // The same list, asked faster where lists are slow.
            context.route("/models/v2", .open) { try await answer($0, .model) },
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        var query = try CSGHubListQuery(request.query, kind, upstreams: context.upstreams).query
        query.limit = page.per
        query.offset = page.offset
        let (items, total) = try await context.access.store.list(query, for: try await request.principal())
        let shown = try await context.shown(items)
        return .enveloped(total: total) { json in
            json.array { json in for item in shown { json.csghubRepository(item, for: request) } }
        }
    }
}
