/// By what repositories here are narrowed down and counted.
package enum CatalogueGroup: String, Sendable, Hashable, CaseIterable {
    case task, library, language, license, size, tag, owner, state

    /// Whether each thing that is asked for must be said, instead of any of them.
    package var asksForAll: Bool { self == .tag }

    var bit: UInt16 {
        switch self {
        case .task: 1
        case .library: 2
        case .language: 4
        case .license: 8
        case .size: 16
        case .tag: 32
        case .owner: 64
        case .state: 128
        }
    }

    /// The group that what a card says belongs to.
    init(_ facet: CardFacet.Kind) {
        switch facet {
        case .pipelineTag, .taskCategory: self = .task
        case .library: self = .library
        case .language: self = .language
        case .license: self = .license
        case .other, .dataset, .baseModel, .arxiv, .taskID, .annotationsCreator, .multilinguality, .sizeCategory,
            .metric:
            self = .tag
        }
    }

    /// The group that a tag of a category belongs to.
    init(category: String) {
        switch category {
        case "task": self = .task
        case "license": self = .license
        case "framework": self = .library
        case "language": self = .language
        default: self = .tag
        }
    }
}

/// Ranges of sizes in bytes, as lists are narrowed by them.
package enum CatalogueSize: String, Sendable, Hashable, CaseIterable {
    case below1GB = "1GB"
    case below10GB = "10GB"
    case below50GB = "50GB"
    case below200GB = "200GB"
    case above = "more"

    init(_ bytes: Int64) {
        switch bytes {
        case ..<1_000_000_000: self = .below1GB
        case ..<10_000_000_000: self = .below10GB
        case ..<50_000_000_000: self = .below50GB
        case ..<200_000_000_000: self = .below200GB
        default: self = .above
        }
    }
}

/// How what is here stands to its upstream, as far as one repository's rows tell.
package enum CatalogueStanding: String, Sendable, Hashable, CaseIterable {
    /// It lives here.
    case local
    case mirrored
    /// Its upstream has something newer.
    case behind
    /// Only its name is here.
    case known
    /// A job is bringing it; what follows too is not told by its rows, but by who asks (``LocalCatalogueQuery/standings``).
    case syncing
    /// Policy keeps all of it back.
    case blocked
    /// Scans found something in it that policy keeps back.
    case quarantined
}

/// What a list of repositories here is narrowed to.
package struct LocalCatalogueQuery: Sendable, Hashable {
    package enum Order: String, Sendable, Hashable, CaseIterable {
        /// What fits the words best; without words as `updated`.
        case relevance
        case updated, created, likes, downloads, size, parameters
    }

    /// Nil for every kind.
    package var kind: RepositoryKind?
    package var words: [String] = []
    /// What is asked for in each group, in any case.
    package var chosen: [CatalogueGroup: Set<String>] = [:]
    package var order: Order = .updated
    /// At most 100 are returned.
    package var limit = 30
    /// Values that are counted for each group; with 0 nothing is counted.
    package var counted = 100
    /// Whether the smallest or oldest come first; what fits best does always.
    var isAscending = false
    /// Of those that follow the cursor how many are left out.
    var offset = 0
    /// Repositories of a page, whatever limit is asked for.
    var mostOfPage = 100
    /// How some repositories stand, by their keys, where their rows do not tell it: they are listed and counted so.
    package var standings: [Int64: CatalogueStanding] = [:]

    package init() {}

    var sorts: Order { order == .relevance && words.isEmpty ? .updated : order }
}

/// Where the page before another begins.
package enum PreviousPage: Sendable, Hashable {
    /// At the beginning of the list.
    case first
    case after(RepositoryCursor)
}

/// A page of what is here.
package struct LocalCataloguePage: Sendable {
    package struct Entry: Sendable {
        package let summary: RepositorySummary
        package let standing: CatalogueStanding
        /// Bytes; nil where nobody knows.
        package let size: Int64?
        package let parameters: Int64?
        package let task: String?
        package let library: String?
        package let licenses: [String]
        package let downloads: Int64
        package let likes: Int64
    }

    package struct Count: Sendable, Hashable {
        /// As it is asked for.
        package let value: String
        /// As somebody wrote it.
        package let label: String
        package let count: Int
    }

    package let entries: [Entry]
    /// Where the next page begins; nil on the last.
    package let next: RepositoryCursor?
    /// Where the page before it begins, as the list is now; nil on the first.
    package let previous: PreviousPage?
    /// Repositories of the whole list.
    package let total: Int
    /// Repositories of each kind, whatever kind is asked for.
    package let kinds: [RepositoryKind: Int]
    /// What repositories say that fit all that is asked for in the other groups, what most say first.
    package let counts: [CatalogueGroup: [Count]]
}
