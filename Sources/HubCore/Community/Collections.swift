import SQL

/// Collections: whoever may create repositories in a namespace keeps its collections; private ones exist for nobody
/// else, and of any only the items are shown that the reader may discover.
package struct Collections: Sendable {
    let store: RepositoryStore
    let authorizer: Authorizer

    /// Collections of one namespace, and items of one collection.
    static let maximumCollections: Int64 = 1_000
    static let maximumItems: Int64 = 1_000
    /// Items of each collection that lists show.
    static let listedItems = 4

    package init(store: RepositoryStore, authorizer: Authorizer) {
        self.store = store
        self.authorizer = authorizer
    }

    /// What a creation ended with.
    package enum Creation: Sendable {
        case made(RepositoryCollection)
        /// The namespace has one of this title.
        case exists(RepositoryCollection)
    }

    // MARK: Reading

    /// A page of collections, those changed last first, each with its first items.
    package func list(_ query: CollectionQuery, for principal: Principal) async throws
        -> (collections: [RepositoryCollection], hasMore: Bool)
    {
        guard let (filter, arguments) = try await condition(query, for: principal) else { return ([], false) }
        let limit = max(0, min(query.limit, 100))
        let bound = arguments + [.integer(Int64(limit) + 1), .integer(Int64(max(0, query.offset)))]
        let (found, hasMore) = try await store.database.read { connection in
            let rows = try connection.query(
                """
                SELECT \(CollectionRows.columns) FROM \(CollectionRows.source) WHERE \(filter)
                ORDER BY c.updated_at DESC, c.id DESC LIMIT ? OFFSET ?
                """, bound)
            let collections = try rows.prefix(limit).map { row in
                var collection = try CollectionRows.collection(row)
                collection.items = try CollectionRows.items(
                    of: collection.id, for: principal, now: store.now, limit: Self.listedItems, in: connection)
                return collection
            }
            return (collections, rows.count > limit)
        }
        return (await disclosed(found, to: principal), hasMore)
    }

    /// Collections without the private ones in them that the reader is outside of.
    private func disclosed(_ collections: [RepositoryCollection], to principal: Principal) async
        -> [RepositoryCollection]
    {
        var inside: [String: Bool] = [:]
        for case .collection(let nested) in collections.flatMap(\.items).map(\.subject)
        where nested.isPrivate && inside[nested.namespace] == nil {
            inside[nested.namespace] = await authorizer.isInside(nested.namespace, principal)
        }
        return collections.map { collection in
            var collection = collection
            collection.items.removeAll { item in
                guard case .collection(let nested) = item.subject, nested.isPrivate else { return false }
                return inside[nested.namespace] != true
            }
            return collection
        }
    }

    func disclosed(_ collection: RepositoryCollection, to principal: Principal) async -> RepositoryCollection {
        await disclosed([collection], to: principal).first ?? collection
    }

    /// How many collections there are on all pages of a query.
    package func count(_ query: CollectionQuery, for principal: Principal) async throws -> Int64 {
        guard let (filter, arguments) = try await condition(query, for: principal) else { return 0 }
        return try await store.database.read { connection in
            try connection.first("SELECT COUNT(*) AS n FROM \(CollectionRows.source) WHERE \(filter)", arguments)?
                .integer("n") ?? 0
        }
    }

    /// Which rows a query means; nil when there can be none.
    private func condition(_ query: CollectionQuery, for principal: Principal) async throws -> (String, [Value])? {
        var inside: [String] = principal.user.map { [RepositoryID.key($0.name)] } ?? []
        for owner in query.owners where await authorizer.isInside(owner, principal) {
            inside.append(RepositoryID.key(owner))
        }
        var conditions = ["(c.is_private = 0\(Self.alternatives("c.namespace_key", inside.count)))"]
        var arguments = inside.map(Value.text)
        if !query.owners.isEmpty {
            conditions.append("(1 = 0\(Self.alternatives("c.namespace_key", query.owners.count)))")
            arguments += query.owners.map { .text(RepositoryID.key($0)) }
        }
        if !query.search.isEmpty {
            conditions.append("LOWER(c.title) LIKE ? ESCAPE '!'")
            arguments.append(.text("%\(RepositoryStore.escapeLike(query.search.lowercased()))%"))
        }
        for subject in query.items {
            guard let (type, key) = try await self.key(of: subject, for: principal) else { return nil }
            conditions.append(
                "EXISTS (SELECT 1 FROM collection_items i WHERE i.collection_id = c.id AND i.type = ? AND i.item_key = ?)"
            )
            arguments += [.text(type), .text(key)]
        }
        return (conditions.joined(separator: " AND "), arguments)
    }

    /// The namespace of a collection that is known by its id alone; whether it may be seen is asked there.
    package func namespace(of id: CommunityID) async throws -> String? {
        try await store.database.read { connection in
            try connection.first("SELECT namespace FROM collections WHERE id = ?", [.integer(id.key)])?
                .text("namespace")
        }
    }

    private static func alternatives(_ column: String, _ count: Int) -> String {
        String(repeating: " OR \(column) = ?", count: count)
    }

    /// One collection with all its items.
    /// - Throws: `.notFound`, also for somebody else's private one.
    package func collection(_ id: CommunityID, in namespace: String, for principal: Principal) async throws
        -> RepositoryCollection
    {
        let found = try await store.database.read { connection in
            try CollectionRows.collection(id, in: namespace, for: principal, now: store.now, connection: connection)
        }
        guard let found else { throw Self.notFound(namespace, id) }
        if found.isPrivate, !(await authorizer.isInside(namespace, principal)) { throw Self.notFound(namespace, id) }
        return await disclosed(found, to: principal)
    }

    static func notFound(_ namespace: String, _ id: CommunityID) -> HubError {
        HubError(.notFound, "There is no such collection of '\(namespace)'.")
    }

    /// The row an item is found by; nil for a repository or collection that the principal may not see.
    func key(of subject: CollectionSubject, for principal: Principal) async throws -> (type: String, key: String)? {
        switch subject {
        case .paper(let id): return ("paper", id)
        case .collection(let id, let namespace):
            do {
                return ("collection", String(try await collection(id, in: namespace, for: principal).id.key))
            } catch let error as HubError where error.code == .notFound {
                return nil
            }
        case .repository(let id):
            do {
                let repository = try await authorizer.open(principal, .discover, id)
                return (id.kind.rawValue, String(repository.key))
            } catch let error as HubError where error.status < 500 {
                return nil
            }
        }
    }

    // MARK: Changing

    /// Makes an empty collection, private or for everybody.
    /// - Throws: `.forbidden` in somebody else's namespace; `.badRequest` for a title that is none.
    package func create(
        title: String, description: String?, namespace: String, isPrivate: Bool, by principal: Principal
    ) async throws -> Creation {
        try await authorizer.authorizeCreation(in: namespace, by: principal)
        guard RepositoryID.isValidName(namespace),
            !RepositoryID.reservedNamespaces.contains(RepositoryID.key(namespace))
        else { throw HubError(.badRequest, "'\(namespace.prefix(96))' is no namespace.") }
        let title = try CommunityText.title(title)
        let description = try CommunityText.optional(description)
        let now = store.clock.now()
        let id = CommunityID(key: store.identifiers.next())
        return try await store.database.write { connection in
            try NamespaceRegister.claimLocal(namespace, now: now, in: connection)
            let key = RepositoryID.key(namespace)
            if let row = try connection.first(
                "SELECT \(CollectionRows.columns) FROM \(CollectionRows.source) WHERE c.namespace_key = ? AND c.title = ?",
                [.text(key), .text(title)])
            {
                return .exists(try CollectionRows.collection(row))
            }
            let count =
                try connection.first(
                    "SELECT COUNT(*) AS n FROM collections WHERE namespace_key = ?", [.text(key)])?.integer("n") ?? 0
            guard count < Self.maximumCollections else {
                throw HubError(.forbidden, "'\(namespace)' has \(count) collections, which is the most it can have.")
            }
            try connection.execute(
                """
                INSERT INTO collections (id, namespace, namespace_key, title, description, theme, is_private, position,
                    created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(id.key), .text(namespace), .text(key), .text(title), Value(description),
                    .text(RepositoryCollection.themes[Int(id.key % Int64(RepositoryCollection.themes.count))]),
                    Value(isPrivate),
                    .integer(count), .integer(now), .integer(now),
                ])
            try Self.audit("collection.create", id, by: principal, at: now, in: connection)
            guard
                let made = try CollectionRows.collection(
                    id, in: namespace, for: principal, now: store.now, connection: connection)
            else { throw Self.notFound(namespace, id) }
            return .made(made)
        }
    }

    /// Changes what a collection is called and who sees it.
    package func update(
        _ id: CommunityID, in namespace: String, _ change: CollectionChange, by principal: Principal
    ) async throws -> RepositoryCollection {
        var change = change
        change.title = try change.title.map(CommunityText.title)
        if let text = change.description { change.description = try CommunityText.optional(text) ?? "" }
        if let theme = change.theme, !RepositoryCollection.themes.contains(theme) {
            throw HubError(.badRequest, "There is no theme '\(theme.prefix(32))'.")
        }
        let wanted = change
        return try await write(id, in: namespace, by: principal, action: "collection.update") { old, now, connection in
            let description = wanted.description ?? old.description
            try connection.execute(
                """
                UPDATE collections SET title = ?, description = ?, theme = ?, is_private = ?, position = ?,
                    updated_at = ? WHERE id = ?
                """,
                [
                    .text(wanted.title ?? old.title), Value(description?.isEmpty == true ? nil : description),
                    .text(wanted.theme ?? old.theme), Value(wanted.isPrivate ?? old.isPrivate),
                    .integer(max(0, wanted.position ?? old.position)), .integer(now), .integer(id.key),
                ])
        }
    }

    /// Removes a collection, and from those that hold it; what was in it stays.
    package func delete(_ id: CommunityID, in namespace: String, by principal: Principal) async throws {
        _ = try await requireKeeper(id, in: namespace, principal)
        let now = store.clock.now()
        try await store.database.write { connection in
            try connection.execute(
                "DELETE FROM collection_items WHERE collection_id = ? OR (type = 'collection' AND item_key = ?)",
                [.integer(id.key), .text(String(id.key))])
            try connection.execute("DELETE FROM collections WHERE id = ?", [.integer(id.key)])
            try Self.audit("collection.delete", id, by: principal, at: now, in: connection)
        }
    }

    /// Decides whether a principal may change a collection, before what he wants is read.
    /// - Throws: `.notFound` for what the principal may not see, `.forbidden` for what he may only see.
    package func authorizeChange(of id: CommunityID, in namespace: String, by principal: Principal) async throws {
        _ = try await requireKeeper(id, in: namespace, principal)
    }

    func requireKeeper(_ id: CommunityID, in namespace: String, _ principal: Principal) async throws
        -> RepositoryCollection
    {
        let collection = try await collection(id, in: namespace, for: principal)
        try await authorizer.authorizeCreation(in: namespace, by: principal)
        return collection
    }

    /// Changes a collection of the principal's in one transaction, and returns it as it is then.
    func write(
        _ id: CommunityID, in namespace: String, by principal: Principal, action: String,
        _ body: @escaping @Sendable (RepositoryCollection, Int64, any Connection) throws -> Void
    ) async throws -> RepositoryCollection {
        _ = try await requireKeeper(id, in: namespace, principal)
        let now = store.clock.now()
        let written = try await store.database.write { connection in
            guard
                let old = try CollectionRows.collection(
                    id, in: namespace, for: principal, now: store.now, connection: connection)
            else { throw Self.notFound(namespace, id) }
            try body(old, now, connection)
            try connection.execute(
                "UPDATE collections SET updated_at = ? WHERE id = ?", [.integer(now), .integer(id.key)])
            try Self.audit(action, id, by: principal, at: now, in: connection)
            guard
                let new = try CollectionRows.collection(
                    id, in: namespace, for: principal, now: store.now, connection: connection)
            else { throw Self.notFound(namespace, id) }
            return new
        }
        return await disclosed(written, to: principal)
    }

    private static func audit(
        _ action: String, _ id: CommunityID, by principal: Principal, at now: Int64, in connection: any Connection
    ) throws {
        try AuditLog.append(AuditEntry(by: principal, action, "collection:\(id)"), at: now, in: connection)
    }
}
