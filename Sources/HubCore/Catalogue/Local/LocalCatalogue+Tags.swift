import SQL

/// A tag with the number of repositories that carry it.
package struct TagCount: Sendable, Hashable {
    /// As lists are filtered by it.
    package let tag: String
    /// What it says.
    package let value: String
    package let count: Int64
}

extension LocalCatalogue {
    /// Tags of one group in an answer; what is carried by fewest is left out.
    private static let maximumTags = 20_000

    /// The tags of the repositories of a kind that a principal may discover, by group, those that most carry first.
    ///
    /// A database took seconds to group a million rows of a hundred thousand repositories.
    package nonisolated func tagCounts(of kind: RepositoryKind, for principal: Principal) async throws
        -> [CardFacet.Kind: [TagCount]]
    {
        let table = try await current()
        let now = clock.now()
        var query = LocalCatalogueQuery()
        query.kind = kind
        query.limit = 0
        query.counted = Self.maximumTags
        let sight = try await database.read { try CatalogueSight(principal, of: table, now: now, in: $0) }
        let answer = table.answer(query, isVisible: sight.isVisible, fit: CatalogueTable.Fit(), after: nil)
        var counts: [CardFacet.Kind: [TagCount]] = [:]
        for (group, found) in answer.counts {
            for each in found {
                guard let name = TagName(group, each.label, kind) else { continue }
                counts[name.facet, default: []].append(
                    TagCount(tag: name.tag, value: name.value, count: Int64(each.count)))
            }
        }
        return counts
    }
}

/// A value of the catalogue as the tag that clients filter by.
struct TagName: Equatable {
    let facet: CardFacet.Kind
    let tag: String
    let value: String

    /// What models are to the base model they name, as it stands before its name.
    private static let relations = ["finetune:", "adapter:", "merge:", "quantized:"]
    /// Facets that keep their prefix in the catalogue, where they are tags among others.
    private static let prefixed: [CardFacet.Kind] = [
        .dataset, .baseModel, .arxiv, .taskID, .annotationsCreator, .multilinguality, .sizeCategory, .metric,
    ]

    /// - Parameter label: what is said, as somebody wrote it.
    /// - Returns: nil for what is no tag: owners, sizes and states.
    init?(_ group: CatalogueGroup, _ label: String, _ kind: RepositoryKind) {
        switch group {
        case .task: self.init(kind == .dataset ? .taskCategory : .pipelineTag, label, isPrefixed: kind == .dataset)
        case .library: self.init(.library, label, isPrefixed: false)
        case .language: self.init(.language, label, isPrefixed: kind == .dataset)
        case .license: self.init(.license, label, isPrefixed: true)
        case .tag: self.init(tag: label)
        case .size, .owner, .state: return nil
        }
    }

    private init(_ facet: CardFacet.Kind, _ value: String, isPrefixed: Bool) {
        self.facet = facet
        self.value = value
        tag = isPrefixed ? "\(facet.rawValue):\(value)" : value
    }

    private init(tag: String) {
        self.tag = tag
        guard let facet = Self.prefixed.first(where: { tag.hasPrefix("\($0.rawValue):") }) else {
            self.facet = .other
            value = tag
            return
        }
        self.facet = facet
        let rest = tag.dropFirst(facet.rawValue.count + 1)
        let relation = facet == .baseModel ? Self.relations.first { rest.hasPrefix($0) } : nil
        value = String(rest.dropFirst(relation?.count ?? 0))
    }
}
