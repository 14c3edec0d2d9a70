import SQL

/// What people are told: each may read what is his own, and of that what is about repositories he may still see.
package struct Notifications: Sendable {
    private let store: RepositoryStore

    package init(_ store: RepositoryStore) { self.store = store }

    private static let selection = """
        SELECT n.id, n.kind, n.number, n.title, n.actor, n.created_at, n.is_read,
            COALESCE(r.kind, n.place_kind) AS place_kind, COALESCE(r.namespace, n.namespace) AS namespace,
            COALESCE(r.name, n.name) AS name
        FROM notifications n LEFT JOIN repositories r ON r.id = n.repository_id
        """

    /// How many are unread, at most 100.
    package func unread(of principal: Principal) async throws -> Int {
        guard let user = principal.user else { return 0 }
        let (condition, arguments) = visible(to: principal)
        return try await store.database.read { connection in
            let row = try connection.first(
                """
                SELECT COUNT(*) AS n FROM (
                    SELECT n.id FROM notifications n LEFT JOIN repositories r ON r.id = n.repository_id
                    WHERE n.user_id = ? AND n.is_read = 0 AND \(condition) LIMIT 100
                ) k
                """, [.integer(user.id)] + arguments)
            return Int(try row?.integer("n") ?? 0)
        }
    }

    /// A page, the newest first, and whether there are older ones.
    /// - Parameter before: the id of the last one seen.
    package func list(of principal: Principal, onlyUnread: Bool, before: Int64?, limit: Int) async throws
        -> (notifications: [Notification], hasMore: Bool)
    {
        guard let user = principal.user else { return ([], false) }
        let (condition, arguments) = visible(to: principal)
        let limit = max(1, min(limit, 100))
        return try await store.database.read { connection in
            let rows = try connection.query(
                """
                \(Self.selection) WHERE n.user_id = ? AND n.id < ? \(onlyUnread ? "AND n.is_read = 0" : "")
                AND \(condition) ORDER BY n.id DESC LIMIT ?
                """, [.integer(user.id), .integer(before ?? .max)] + arguments + [.integer(Int64(limit) + 1)])
            return (try rows.prefix(limit).compactMap(Self.notification), rows.count > limit)
        }
    }

    /// Takes notice of one, or of all.
    /// - Parameter id: nil for all; what is somebody else's stays as it is.
    package func read(_ id: Int64?, of principal: Principal) async throws {
        guard let user = principal.user else { return }
        let one = id.map { [Value.integer($0)] } ?? []
        _ = try await store.database.write { connection in
            try connection.execute(
                "UPDATE notifications SET is_read = 1 WHERE user_id = ? AND is_read = 0 \(id == nil ? "" : "AND id = ?")",
                [.integer(user.id)] + one)
        }
    }

    /// What is about a repository that is here is shown to who may see it now.
    private func visible(to principal: Principal) -> (condition: String, arguments: [Value]) {
        var arguments: [Value] = []
        let condition = RepositoryStore.visibilityCondition(
            for: principal, now: store.clock.now(), arguments: &arguments)
        return ("(n.repository_id IS NULL OR (r.id IS NOT NULL AND \(condition)))", arguments)
    }

    private static func notification(_ row: Row) throws -> Notification? {
        guard let kind = Notification.Kind(rawValue: try row.text("kind")),
            let placeKind = RepositoryKind(rawValue: try row.text("place_kind")),
            let id = RepositoryID(kind: placeKind, namespace: try row.text("namespace"), name: try row.text("name"))
        else { return nil }
        return Notification(
            id: try row.integer("id"), kind: kind, repository: id, number: try row.optionalInteger("number"),
            title: try row.text("title"), actor: try row.text("actor"), createdAt: try row.integer("created_at"),
            isRead: try row.boolean("is_read"))
    }
}
