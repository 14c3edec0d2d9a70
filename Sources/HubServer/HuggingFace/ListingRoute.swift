import HTTPTypes
import HubCore

/// `GET /api/{kind}`: list and search, by pages.
struct ListingRoute: RouteFamily {
    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        // Each repository is let through by the list itself, which knows what its reader may discover.
        [Route(.get, "/api/\(kind.plural)", .open, errors: access.errors) { try await answer($0, kind) }]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let selection = try PropertySelection.listing(of: kind, query: request.query)
        let asked = try ListingQuery(request.query, kind: kind)
        let principal = try await request.principal()
        guard !asked.isImpossible, asked.query.limit > 0 else { return HubResponse.json { $0.array { _ in } } }
        let (items, next) = try await access.store.page(asked.query, after: asked.cursor, for: principal)
        var json = JSONWriter(capacity: 64 + 512 * items.count)
        json.array { json in
            for item in items { json.repository(RepositoryFacts(item), showing: selection) }
        }
        let response = HubResponse.json(json)
        guard let next else { return response }
        return response.linkingNext(request, "cursor", next.text)
    }
}
