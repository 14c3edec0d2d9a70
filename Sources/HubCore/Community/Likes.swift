import SQL

/// Who likes which repository. The count beside a repository's row moves in the same transaction.
package struct Likes: Sendable {
    private let store: RepositoryStore

    package init(store: RepositoryStore) { self.store = store }

    /// Notes that the principal likes a repository; a second time changes nothing.
    /// - Parameter repository: opened for `.discuss`.
    package func like(_ repository: Repository) async throws {
        try await change(repository, action: "repository.like", by: 1) { user, now, connection in
            let known = try connection.first(
                "SELECT user_id FROM likes WHERE repository_id = ? AND user_id = ?",
                [.integer(repository.key), .integer(user)])
            guard known == nil else { return false }
            try connection.execute(
                "INSERT INTO likes (repository_id, user_id, created_at) VALUES (?, ?, ?)",
                [.integer(repository.key), .integer(user), .integer(now)])
            return true
        }
    }

    /// Takes a like back; without one nothing changes.
    /// - Parameter repository: opened for `.discuss`.
    package func unlike(_ repository: Repository) async throws {
        try await change(repository, action: "repository.unlike", by: -1) { user, _, connection in
            try connection.execute(
                "DELETE FROM likes WHERE repository_id = ? AND user_id = ?", [.integer(repository.key), .integer(user)])
                > 0
        }
    }

    private func change(
        _ repository: Repository, action: String, by step: Int64,
        _ body: @escaping @Sendable (Int64, Int64, any Connection) throws -> Bool
    ) async throws {
        guard repository.verb == .discuss, let user = repository.principal.user else {
            throw HubError(
                .internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to discuss.")
        }
        let now = store.clock.now()
        try await store.database.write { connection in
            guard try body(user.id, now, connection) else { return }
            try connection.execute(
                "UPDATE repositories SET likes = likes + ? WHERE id = ?", [.integer(step), .integer(repository.key)])
            try AuditLog.append(
                AuditEntry(by: repository.principal, action, repository.id.description), at: now, in: connection)
        }
    }

    /// Names of who likes a repository, the latest first, and whether there are more.
    /// - Parameter repository: opened for `.metaRead`.
    package func likers(of repository: Repository, offset: Int, limit: Int) async throws
        -> (names: [String], hasMore: Bool)
    {
        let rows = try await store.database.read { connection in
            try connection.query(
                """
                SELECT u.name FROM likes l JOIN users u ON u.id = l.user_id WHERE l.repository_id = ?
                ORDER BY l.created_at DESC, l.user_id LIMIT ? OFFSET ?
                """, [.integer(repository.key), .integer(Int64(limit) + 1), .integer(Int64(offset))])
        }
        return (try rows.prefix(limit).map { try $0.text("name") }, rows.count > limit)
    }

    /// What a user likes among that which the principal may discover, the latest first.
    package func likes(of user: User, for principal: Principal, offset: Int, limit: Int) async throws
        -> (likes: [(repository: RepositoryID, at: Int64)], hasMore: Bool)
    {
        var arguments: [Value] = [.integer(user.id)]
        let visible = RepositoryStore.visibilityCondition(for: principal, now: store.now, arguments: &arguments)
        let bound = arguments + [.integer(Int64(limit) + 1), .integer(Int64(offset))]
        let rows = try await store.database.read { connection in
            try connection.query(
                """
                SELECT \(RepositoryStore.columns), l.created_at AS liked_at
                FROM likes l JOIN repositories r ON r.id = l.repository_id
                WHERE l.user_id = ? AND \(visible) ORDER BY l.created_at DESC, r.id LIMIT ? OFFSET ?
                """, bound)
        }
        let likes = try rows.prefix(limit).map {
            (repository: try RepositoryStore.record($0).id, at: try $0.integer("liked_at"))
        }
        return (likes, rows.count > limit)
    }
}
