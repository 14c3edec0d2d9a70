import HTTPTypes
import HubCore

/// `GET /api/{kind}-tags-by-type`: the tags there are to filter by, from the cards of what the caller may discover.
struct TagsByTypeRoute: RouteFamily {
    /// Looked at are this many repositories, the latest changed first.
    private static let maximumRepositories = 5_000

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
        let principal = try await request.principal()
        var tags = TagsByType(kind: kind)
        var query = RepositoryQuery(kind: kind)
        query.limit = ListingQuery.pageSize
        while query.offset < Self.maximumRepositories {
            let (items, total) = try await access.store.list(query, for: principal)
            for item in items { tags.add(item.card) }
            query.offset += items.count
            guard !items.isEmpty, Int64(query.offset) < total else { break }
        }
        return HubResponse.json { json in
            json.object { json in
                for (type, values) in tags.sorted {
                    json.array(type) { json in
                        for tag in values {
                            json.object { json in
                                json.member("id", tag.id)
                                json.member("label", tag.label)
                                json.member("type", type)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Tags sorted by what they tell, as the member of the card they come from says.
struct TagsByType: Sendable {
    struct Tag: Hashable, Sendable {
        /// As lists are filtered by it.
        let id: String
        let label: String
    }

    private let members: [(type: String, key: String, prefix: String)]
    private var found: [String: Set<Tag>] = [:]

    init(kind: RepositoryKind) {
        members =
            kind == .dataset
            ? [
                ("task_categories", "task_categories", "task_categories:"), ("task_ids", "task_ids", "task_ids:"),
                ("language", "language", "language:"), ("license", "license", "license:"),
                ("size_categories", "size_categories", "size_categories:"), ("other", "tags", ""),
            ]
            : [
                ("pipeline_tag", "pipeline_tag", ""), ("library", "library_name", ""),
                ("dataset", "datasets", "dataset:"), ("language", "language", ""),
                ("license", "license", "license:"), ("other", "tags", ""),
            ]
    }

    mutating func add(_ card: JSONValue?) {
        for member in members {
            for value in card?[member.key]?.strings ?? [] {
                found[member.type, default: []].insert(Tag(id: member.prefix + value, label: value))
            }
        }
    }

    /// Every type, with its tags by name.
    var sorted: [(type: String, tags: [Tag])] {
        members.map { member in
            (member.type, (found[member.type] ?? []).sorted { $0.id < $1.id })
        }
    }
}
