import SQL

/// The rows of collections and their items, as one reader sees them.
enum CollectionRows {
    static let columns = """
        c.id AS collection_id, c.namespace AS owner, c.title, c.description, c.theme, c.is_private,
        c.position AS place, c.updated_at AS changed_at, u.id AS owner_id
        """
    static let source = "collections c LEFT JOIN users u ON u.name_key = c.namespace_key"

    /// A collection by its id and its namespace, with every item the principal may discover; nil when there is none.
    static func collection(
        _ id: CommunityID, in namespace: String, for principal: Principal, now: Int64, connection: any Connection
    ) throws -> RepositoryCollection? {
        let row = try connection.first(
            "SELECT \(columns) FROM \(source) WHERE c.id = ? AND c.namespace_key = ?",
            [.integer(id.key), .text(RepositoryID.key(namespace))])
        guard let row else { return nil }
        var collection = try collection(row)
        collection.items = try items(
            of: id, for: principal, now: now, limit: Int(Collections.maximumItems), in: connection)
        return collection
    }

    /// A collection without its items.
    static func collection(_ row: Row) throws -> RepositoryCollection {
        RepositoryCollection(
            id: CommunityID(key: try row.integer("collection_id")), namespace: try row.text("owner"),
            isUsers: try row.optionalInteger("owner_id") != nil, title: try row.text("title"),
            description: try row.optionalText("description"), theme: try row.text("theme"),
            isPrivate: try row.boolean("is_private"), position: try row.integer("place"),
            updatedAt: try row.integer("changed_at"), items: [])
    }

    /// The items whose repositories the principal may discover. Private collections among them are not left out here:
    /// whether somebody is inside their namespaces is no question of rows.
    static func items(
        of id: CommunityID, for principal: Principal, now: Int64, limit: Int, in connection: any Connection
    ) throws -> [CollectionItem] {
        var arguments: [Value] = [.integer(id.key)]
        let visible = RepositoryStore.visibilityCondition(for: principal, now: now, arguments: &arguments)
        let rows = try connection.query(
            """
            SELECT \(RepositoryStore.columns), i.id AS item_id, i.type, i.item_key, i.note, i.position
            FROM collection_items i LEFT JOIN repositories r ON r.id = i.repository_id
            WHERE i.collection_id = ? AND (i.repository_id IS NULL OR \(visible)) ORDER BY i.position, i.id LIMIT ?
            """, arguments + [.integer(Int64(limit))])
        let nested = try collections(
            keys: rows.compactMap { try $0.text("type") == "collection" ? Int64(try $0.text("item_key")) : nil },
            in: connection)
        return try rows.compactMap { row in
            let subject: CollectionItem.Subject
            switch try row.text("type") {
            case "paper": subject = .paper(try row.text("item_key"))
            case "collection":
                guard let found = nested[try row.text("item_key")] else { return nil }
                subject = .collection(found)
            default:
                guard try row.optionalInteger("id") != nil else { return nil }
                subject = .repository(
                    Repository(record: try RepositoryStore.record(row), principal: principal, verb: .discover))
            }
            return CollectionItem(
                id: CommunityID(key: try row.integer("item_id")), subject: subject,
                note: try row.optionalText("note"), position: try row.integer("position"))
        }
    }

    /// Collections by their keys as items name them, without what is in them.
    private static func collections(keys: [Int64], in connection: any Connection) throws
        -> [String: RepositoryCollection]
    {
        guard !keys.isEmpty else { return [:] }
        let marks = keys.map { _ in "?" }.joined(separator: ", ")
        let rows = try connection.query(
            "SELECT \(columns) FROM \(source) WHERE c.id IN (\(marks))", keys.map(Value.integer))
        return Dictionary(
            try rows.map { row in (String(try row.integer("collection_id")), try collection(row)) },
            uniquingKeysWith: { first, _ in first })
    }
}
