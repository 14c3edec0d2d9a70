import SQL

/// The SQL of a list of all repositories of a kind: an index has them in the order of the list, and a page is read from
/// it as it is. Lists that are narrowed down are ``LocalCatalogue``'s.
struct RepositoryListing {
    private let query: RepositoryQuery
    private var conditions = ["r.kind = ?"]
    /// The values of the statement's placeholders, without those of its rest.
    private(set) var arguments: [Value]

    /// - Parameter now: milliseconds since 1970.
    init(_ query: RepositoryQuery, for principal: Principal, now: Int64) {
        self.query = query
        arguments = [.text(query.kind.rawValue)]
        conditions.append(RepositoryStore.visibilityCondition(for: principal, now: now, arguments: &arguments))
    }

    /// A statement over the rows of the list.
    func select(_ columns: String, _ rest: String = "") -> String {
        "SELECT \(columns) FROM repositories r WHERE \(conditions.joined(separator: " AND ")) \(rest)"
    }

    // MARK: Order

    /// What rows are sorted by; the key last, so that no two rows are alike.
    var order: String {
        let direction = query.isAscending ? "ASC" : "DESC"
        return "r.\(column) \(direction), r.id \(direction)"
    }

    /// The column that rows are sorted by. Without words nothing fits better than anything.
    private var column: String {
        (query.order == .relevance ? RepositoryQuery.Order.lastModified : query.order).rawValue
    }

    // MARK: Pages

    /// Lets the list begin after a page's end.
    /// - Returns: how many rows are left out by counting them.
    /// - Throws: `.badRequest` for the cursor of another order.
    mutating func begin(after cursor: RepositoryCursor?) throws -> Int64 {
        switch cursor {
        case nil: return Int64(max(0, query.offset))
        case .row(let value, let key):
            let sign = query.isAscending ? ">" : "<"
            // The first part is what an index can begin at.
            conditions.append("r.\(column) \(sign)= ? AND (r.\(column) \(sign) ? OR r.id \(sign) ?)")
            arguments += [.integer(value), .integer(value), .integer(key)]
            return 0
        case .position:
            throw HubError(.badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
        }
    }

    /// The end of a page.
    func cursor(after last: Repository) -> RepositoryCursor {
        let value =
            switch query.order {
            case .lastModified, .relevance: last.updatedAt
            case .createdAt: last.createdAt
            case .downloads: last.downloads
            case .likes: last.likes
            }
        return .row(value: value, key: last.key)
    }
}
