import HTTPTypes
import HubCore

/// `GET /api/{kind}-tags-by-type`: the tags there are to filter by, with the number of repositories that the caller may
/// see under each; those every hub knows also where nothing carries them.
struct TagsByTypeRoute: RouteFamily {
    let access: RepositoryAccess

    func routes(for kind: RepositoryKind) -> [Route] {
        guard kind == .model || kind == .dataset else { return [] }
        return [
            Route(.get, "/api/\(kind.plural)-tags-by-type", .open, errors: access.errors) {
                try await answer($0, kind)
            }
        ]
    }

    private func answer(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let counts = try await access.store.localCatalogue.tagCounts(of: kind, for: request.principal())
        return HubResponse.json { json in
            json.object { json in
                for facet in Self.facets(of: kind) {
                    json.array(facet.rawValue) { json in
                        for tag in TagOfType.all(facet, kind, counted: counts[facet] ?? []) {
                            json.object { json in
                                json.member("id", tag.id)
                                json.member("label", tag.label)
                                json.member("type", facet.rawValue)
                                if let field = tag.field { json.member("subType", field) }
                                json.member("count", tag.count)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func facets(of kind: RepositoryKind) -> [CardFacet.Kind] {
        kind == .dataset
            ? [.taskCategory, .taskID, .language, .license, .sizeCategory, .other]
            : [.pipelineTag, .library, .dataset, .baseModel, .language, .license, .other]
    }
}

/// One tag as the answer lists it.
private struct TagOfType {
    let id: String
    let label: String
    let field: String?
    let count: Int64

    /// What is carried, then what every hub knows beside it.
    static func all(_ facet: CardFacet.Kind, _ kind: RepositoryKind, counted: [TagCount]) -> [TagOfType] {
        let known = TagCatalogue.entries(facet)
        let entries = Dictionary(known.map { ($0.value.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        var tags = counted.compactMap { tag -> TagOfType? in
            // The relation to a base model is a tag beside the model's own.
            if facet == .baseModel, tag.tag != "base_model:\(tag.value)" { return nil }
            let key = tag.value.lowercased()
            seen.insert(key)
            let entry = entries[key]
            return TagOfType(id: tag.tag, label: entry?.label ?? tag.value, field: entry?.field, count: tag.count)
        }
        for entry in known where !seen.contains(entry.value.lowercased()) {
            tags.append(
                TagOfType(
                    id: prefix(facet, kind) + entry.value, label: entry.label, field: entry.field, count: 0))
        }
        return tags
    }

    private static func prefix(_ facet: CardFacet.Kind, _ kind: RepositoryKind) -> String {
        switch facet {
        case .license, .taskCategory, .sizeCategory: "\(facet.rawValue):"
        case .language: kind == .dataset ? "language:" : ""
        default: ""
        }
    }
}
