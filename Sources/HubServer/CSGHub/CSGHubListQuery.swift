import HubCore
import MirrorGateway

/// `search`, `sort`, `source` and the filters of a list, as CSGHub's clients write them.
struct CSGHubListQuery {
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

    /// Without a page.
    let query: RepositoryQuery

    /// - Throws: `CSGHubParameterProblem` for words that no list knows.
    init(_ parameters: QueryParameters, _ kind: RepositoryKind, upstreams: UpstreamCatalogue) throws {
        var query = RepositoryQuery(kind: kind)
        query.search = (parameters.first("search") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        // Who looks for words and does not say more wants what fits them best.
        query.order =
            try parameters.csghubWord("sort", as: Sort.self)?.order
            ?? (query.search.isEmpty ? .lastModified : .relevance)
        query.tags = Self.tags(parameters, kind) + (try Self.lineage(parameters))
        query.origin = try parameters.csghubWord("source", as: Source.self).map { Self.origin($0, upstreams) }
        self.query = query
    }

    private static func origin(_ source: Source, _ upstreams: UpstreamCatalogue) -> RepositoryQuery.Origin {
        switch source {
        case .local: .local
        case .huggingface: .upstreams(upstreams.names(of: [.huggingface]))
        case .opencsg: .upstreams(upstreams.names(of: [.opencsg, .csghub, .modelscope, .weir, .gitLFS]))
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

    /// `model_tree=base_model:acme/base`: those whose cards name it as what they were made from. CSGHub's own form,
    /// `base_model:finetune:<number>`, means rows of its database.
    private static func lineage(_ query: QueryParameters) throws -> [String] {
        guard let text = query.first("model_tree"), !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.first == "base_model", let path = parts.last, RepositoryID(kind: .model, path: path) != nil else {
            throw CSGHubParameterProblem(
                parameter: "model_tree", provided: text, expected: "base_model:<namespace>/<name>")
        }
        return ["base_model:\(path)"]
    }
}
