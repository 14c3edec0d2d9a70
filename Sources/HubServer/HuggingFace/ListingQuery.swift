import HubCore

/// The query of a list, as the clients' `list_models`, `list_datasets` and `list_spaces` write it.
struct ListingQuery: Sendable {
    /// Elements of a page.
    static let pageSize = 1_000

    let query: RepositoryQuery
    /// Whether a condition was asked for that nothing here can meet.
    let isImpossible: Bool

    /// - Throws: `badRequest` for an order this hub does not have, for numbers that are none and for foreign cursors.
    init(_ parameters: QueryParameters, kind: RepositoryKind) throws {
        var query = RepositoryQuery(kind: kind)
        query.author = parameters.first("author")
        query.search = parameters.all("search").flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        query.tags = Self.tags(parameters, kind)
        query.isGated = try parameters.bool("gated")
        query.order = try Self.order(parameters)
        query.limit = min(try parameters.integer("limit", in: 0...Int.max) ?? Self.pageSize, Self.pageSize)
        query.offset = try parameters.integer("cursor", in: 0...1_000_000_000) ?? 0
        self.query = query
        // Nothing here is served by an inference provider, known to run in an app, or measured.
        isImpossible = ["inference", "inference_provider", "apps", "num_parameters"].contains {
            parameters.first($0) != nil
        }
    }

    private static func tags(_ parameters: QueryParameters, _ kind: RepositoryKind) -> [String] {
        var tags: [String] = []
        for text in ["filter", "tags", "task", "library"].flatMap(parameters.all) {
            tags += text.split(separator: ",").map(String.init)
        }
        tags += parameters.all("pipeline_tag")
        tags += parameters.all("language").map { "language:\($0)" }
        if kind == .space {
            tags += parameters.all("datasets").map { "dataset:\($0)" } + parameters.all("models").map { "model:\($0)" }
        }
        // Models carry their languages bare, datasets with a prefix.
        guard kind != .dataset else { return tags }
        return tags.map { $0.hasPrefix("language:") ? String($0.dropFirst("language:".count)) : $0 }
    }

    private static func order(_ parameters: QueryParameters) throws -> RepositoryQuery.Order {
        if let direction = parameters.first("direction"), direction != "-1" {
            throw HubError(.badRequest, "Lists have one direction, -1: the largest or latest first.")
        }
        switch parameters.first("sort") {
        // What is trending is not measured; what changed last comes nearest.
        case nil, "lastModified", "last_modified", "trendingScore", "trending_score": return .lastModified
        case "createdAt", "created_at": return .createdAt
        case "downloads": return .downloads
        case "likes": return .likes
        case let other?:
            throw HubError(
                .badRequest, "Lists cannot be sorted by '\(other)'.",
                remedy: "Sort by lastModified, createdAt, downloads, likes or trendingScore.")
        }
    }
}
