import HubCore

/// The query of a list, as the clients' `list_models`, `list_datasets` and `list_spaces` write it.
struct ListingQuery: Sendable {
    /// Elements of a page.
    static let pageSize = 1_000

    let query: RepositoryQuery
    /// The end of the page before; nil for the first.
    let cursor: RepositoryCursor?
    /// Whether a condition was asked for that nothing here can meet.
    let isImpossible: Bool

    /// - Throws: `badRequest` for an order this hub does not have, for numbers that are none and for foreign cursors.
    init(_ parameters: QueryParameters, kind: RepositoryKind) throws {
        var query = RepositoryQuery(kind: kind)
        query.author = parameters.first("author")
        query.search = parameters.all("search").flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        query.tags = Self.tags(parameters, kind)
        query.isGated = try parameters.bool("gated")
        query.order = try Self.order(parameters, isSearch: !query.search.isEmpty)
        query.isAscending = try Self.isAscending(parameters)
        query.limit = min(try parameters.integer("limit", in: 0...Int.max) ?? Self.pageSize, Self.pageSize)
        cursor = try parameters.first("cursor").map(RepositoryCursor.init(parsing:))
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
        for (name, prefix) in [
            ("language", "language:"), ("license", "license:"), ("dataset", "dataset:"), ("base_model", "base_model:"),
            ("task_categories", "task_categories:"), ("size_categories", "size_categories:"),
        ] {
            for value in parameters.all(name).flatMap({ $0.split(separator: ",") }) {
                tags.append(value.hasPrefix(prefix) ? String(value) : prefix + value)
            }
        }
        if kind == .space {
            tags += parameters.all("datasets").map { "dataset:\($0)" } + parameters.all("models").map { "model:\($0)" }
        }
        // Models carry their languages bare, datasets with a prefix.
        guard kind != .dataset else { return tags }
        return tags.map { $0.hasPrefix("language:") ? String($0.dropFirst("language:".count)) : $0 }
    }

    private static func isAscending(_ parameters: QueryParameters) throws -> Bool {
        switch parameters.first("direction") {
        case nil, "-1": return false
        case "1": return true
        default: throw HubError(.badRequest, "A list's direction is -1, the largest or latest first, or 1.")
        }
    }

    private static func order(_ parameters: QueryParameters, isSearch: Bool) throws -> RepositoryQuery.Order {
        switch parameters.first("sort") {
        case nil where isSearch: return .relevance
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
