/// What a list of the catalogue is narrowed to.
package struct CatalogueQuery: Sendable {
    package enum Order: String, Sendable, CaseIterable {
        /// What fits the words best comes first; without words, as `updated`.
        case relevance
        case updated, created, downloads, likes, size, parameters, name

        /// The column that rows are sorted by; nil where there is none.
        var column: String? {
            switch self {
            case .relevance: nil
            case .updated: "updated_at"
            case .created: "created_at"
            case .downloads, .likes, .size, .parameters: rawValue
            case .name: "path_key"
            }
        }
    }

    /// The upstreams that are looked in, by mirror and name; nil for every one that was ever looked through.
    package var sources: [(mirror: String, upstream: String)]?
    package var kind: RepositoryKind?
    /// Words that each must occur in the name, or begin a word of the title, the tags or the summary.
    package var search: [String] = []
    /// Owner at the upstream.
    package var author: String?
    /// Things that each must be said of a repository, such as task `text-generation`.
    package var facets: [(facet: CatalogueFacet, content: String)] = []
    /// Licences of which one must be named; empty for any.
    package var licenses: [String] = []
    /// Empty for every state.
    package var states: Set<RemoteEntry.State> = [.present]
    /// Whether it is here; nil for either.
    package var isHere: Bool?
    /// Only what is here and older than what the upstream has.
    package var isBehind = false
    package var order: Order = .relevance
    /// Whether the smallest or oldest come first; names begin with A then.
    package var isAscending = false
    /// At most 200 are returned.
    package var limit = 50

    package init() {}

    /// The order that counts: without words nothing fits better than anything.
    var effectiveOrder: Order {
        order == .relevance && !search.contains(where: { !$0.isEmpty }) ? .updated : order
    }
}
