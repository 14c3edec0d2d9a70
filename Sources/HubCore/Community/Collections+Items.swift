import SQL

extension Collections {
    /// Puts something at a collection's end.
    /// - Returns: `.exists` when it is in it already.
    /// - Throws: `.notFound` for what the principal may not see; `.badRequest` for the collection itself.
    package func add(
        _ subject: CollectionSubject, note: String?, to id: CommunityID, in namespace: String, by principal: Principal
    ) async throws -> Creation {
        let collection = try await requireKeeper(id, in: namespace, principal)
        let note = try CommunityText.optional(note)
        guard let (type, key) = try await self.key(of: subject, for: principal) else {
            throw HubError(.notFound, "What shall be put into the collection does not exist, or you may not see it.")
        }
        if case .collection(id, _) = subject {
            throw HubError(.badRequest, "A collection cannot hold itself.")
        }
        let known = try await store.database.read { connection in
            try connection.first(
                "SELECT id FROM collection_items WHERE collection_id = ? AND type = ? AND item_key = ?",
                [.integer(id.key), .text(type), .text(key)]) != nil
        }
        if known { return .exists(collection) }
        let item = store.identifiers.next()
        return .made(
            try await write(id, in: namespace, by: principal, action: "collection.item.add") { _, _, connection in
                let row = try connection.first(
                    """
                    SELECT COUNT(*) AS n, COALESCE(MAX(position), -1) AS last FROM collection_items
                    WHERE collection_id = ?
                    """, [.integer(id.key)])
                guard let row, try row.integer("n") < Self.maximumItems else {
                    throw HubError(.forbidden, "The collection is full.", remedy: "Begin another one.")
                }
                try connection.upsert(
                    into: "collection_items",
                    key: [("collection_id", .integer(id.key)), ("type", .text(type)), ("item_key", .text(key))],
                    values: [
                        ("id", .integer(item)), ("repository_id", Value(subject.isRepository ? Int64(key) : nil)),
                        ("note", Value(note)), ("position", .integer(try row.integer("last") + 1)),
                    ])
            })
    }

    /// Changes an item's note, or moves it to another place.
    /// - Parameters:
    ///   - note: nil leaves it, an empty one removes it.
    ///   - position: from 0; the others make room.
    /// - Throws: `.notFound` for an item of another collection, too.
    package func update(
        item: CommunityID, note: String?, position: Int?, of id: CommunityID, in namespace: String,
        by principal: Principal
    ) async throws -> RepositoryCollection {
        let change: String?? = try note.map { try CommunityText.optional($0) }
        return try await write(id, in: namespace, by: principal, action: "collection.item.update") {
            _, _, connection in
            try Self.require(item, of: id, in: connection)
            if let change {
                try connection.execute(
                    "UPDATE collection_items SET note = ? WHERE collection_id = ? AND id = ?",
                    [Value(change), .integer(id.key), .integer(item.key)])
            }
            guard let position else { return }
            var order = try connection.query(
                "SELECT id FROM collection_items WHERE collection_id = ? ORDER BY position, id", [.integer(id.key)]
            ).map { try $0.integer("id") }
            order.removeAll { $0 == item.key }
            order.insert(item.key, at: max(0, min(position, order.count)))
            for (place, each) in order.enumerated() {
                try connection.execute(
                    "UPDATE collection_items SET position = ? WHERE collection_id = ? AND id = ?",
                    [Value(place), .integer(id.key), .integer(each)])
            }
        }
    }

    /// Takes an item out.
    package func remove(item: CommunityID, of id: CommunityID, in namespace: String, by principal: Principal)
        async throws -> RepositoryCollection
    {
        try await write(id, in: namespace, by: principal, action: "collection.item.remove") { _, _, connection in
            try Self.require(item, of: id, in: connection)
            try connection.execute(
                "DELETE FROM collection_items WHERE collection_id = ? AND id = ?",
                [.integer(id.key), .integer(item.key)])
        }
    }

    private static func require(_ item: CommunityID, of id: CommunityID, in connection: any Connection) throws {
        let row = try connection.first(
            "SELECT id FROM collection_items WHERE collection_id = ? AND id = ?",
            [.integer(id.key), .integer(item.key)])
        guard row != nil else { throw HubError(.notFound, "The collection has no item \(item).") }
    }
}
