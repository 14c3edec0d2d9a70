import HubCore
import MirrorGateway

/// `GET /api/v1/{kind}`: the repositories the caller may see, by pages.
struct CSGHubListRoute: CSGHubRouteFamily {
    /// What lists are sorted by.
    private enum Sort: String, CaseIterable {
        case trending
        case recentlyUpdated = "recently_update"
        case mostDownloaded = "most_download"
        case mostFavourite = "most_favorite"
        case mostStarred = "most_star"

        var order: RepositoryQuery.Order {
            switch self {
            // What is trending is not measured; what changed last comes nearest.
            case .trending, .recentlyUpdated: .lastModified
            case .mostDownloaded: .downloads
            case .mostFavourite, .mostStarred: .likes
            }
        }
    }

    /// Where a repository comes from.
    private enum Source: String, CaseIterable {
        case opencsg, huggingface, local
    }

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
        var query = RepositoryQuery(kind: kind)
        query.search = (request.query.first("search") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        query.order = (try request.query.csghubWord("sort", as: Sort.self) ?? .recentlyUpdated).order
        query.tags = Self.tags(request.query, kind)
        query.origin = try request.query.csghubWord("source", as: Source.self).map(origin)
        query.limit = page.per
        query.offset = page.offset
        let principal = try await request.principal()
        let (items, total) = try await context.access.store.list(query, for: principal)
        let shown = try await context.shown(items)
        return .enveloped(total: total) { json in
            json.array { json in for item in shown { json.csghubRepository(item, for: request) } }
        }
    }

    private func origin(_ source: Source) -> RepositoryQuery.Origin {
        switch source {
        case .local: .local
        case .huggingface: .upstreams(context.upstreams.names(of: [.huggingface]))
        case .opencsg: .upstreams(context.upstreams.names(of: [.opencsg, .csghub, .weir, .gitLFS]))
        }
    }

    /// `tag_category` and `tag_name` come in pairs, in order.
    private static func tags(_ query: QueryParameters, _ kind: RepositoryKind) -> [String] {
        let categories = query.all("tag_category")
        return query.all("tag_name").enumerated().filter { !$0.element.isEmpty }.map { index, name in
            let category = index < categories.count ? categories[index] : ""
            return RepositoryTag(category: category, name: name).flat(for: kind)
        }
    }
}
