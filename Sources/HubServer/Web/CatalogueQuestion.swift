import HubCore
import WebPages

/// What a list of the website is asked for, as its address says it. What nobody understands is passed over: an old link
/// shows more than was meant, and no error.
struct CatalogueQuestion: Sendable {
    let kind: CatalogueKind?
    let words: [String]
    let source: RepositoryListPage.Source
    /// Of the upstream alone that is asked for.
    let upstream: String?
    let query: LocalCatalogueQuery
    let cursor: RepositoryCursor?
    let from: Int
    let address: ListAddress

    static let pageSize = 30
    private static let maximumWords = 8

    /// - Throws: `.badRequest` for a cursor that this hub never gave.
    init(_ request: HubRequest, kind: CatalogueKind?, order: LocalCatalogueQuery.Order = .updated) throws {
        let query = request.query
        self.kind = kind
        words = (query.first("q") ?? "").split(whereSeparator: \.isWhitespace).prefix(Self.maximumWords).map(
            String.init)
        source = query.first("source").flatMap(RepositoryListPage.Source.init) ?? .all
        upstream = query.first("upstream").flatMap { $0.isEmpty ? nil : $0 }
        var local = LocalCatalogueQuery()
        local.kind = kind?.stored
        local.words = words
        local.limit = Self.pageSize
        for group in CatalogueGroup.allCases {
            let asked = Set(
                query.all(group.rawValue).filter { !$0.isEmpty && $0.utf8.count <= 255 }.map { $0.lowercased() })
            if !asked.isEmpty { local.chosen[group] = asked }
        }
        local.order =
            query.first("sort").flatMap(LocalCatalogueQuery.Order.init) ?? (words.isEmpty ? order : .relevance)
        self.query = local
        cursor = try query.first("cursor").flatMap { $0.isEmpty ? nil : try RepositoryCursor(parsing: $0) }
        from = cursor == nil ? 0 : max(0, min(query.first("from").flatMap { Int($0) } ?? 0, 1_000_000_000))
        address = ListAddress(
            path: request.rawPath, parts: query.pairs.map { ListAddress.Part($0.name, $0.value) })
    }

    /// The same for what upstreams have; sizes and states are nothing that their catalogue is narrowed by.
    var remote: CatalogueQuery {
        var remote = CatalogueQuery()
        remote.kind = kind?.stored
        remote.search = words
        remote.isHere = false
        remote.limit = Self.pageSize
        for (group, facet) in [
            (CatalogueGroup.task, CatalogueFacet.task), (.library, .library), (.language, .language), (.tag, .tag),
        ] {
            for word in (query.chosen[group] ?? []).sorted() { remote.facets.append((facet, word)) }
        }
        remote.licenses = (query.chosen[.license] ?? []).sorted()
        if let owner = query.chosen[.owner]?.sorted().first { remote.author = owner }
        remote.order =
            switch query.order {
            case .relevance: .relevance
            case .updated: .updated
            case .created: .created
            case .likes: .likes
            case .downloads: .downloads
            case .size: .size
            case .parameters: .parameters
            }
        return remote
    }

    /// Whether anything that is not here can fit.
    var reachesUpstream: Bool {
        guard source != .local, (query.chosen[.owner]?.count ?? 0) <= 1, query.chosen[.size] == nil else {
            return false
        }
        return query.chosen[.state].map { $0.contains("known") } ?? true
    }
}
