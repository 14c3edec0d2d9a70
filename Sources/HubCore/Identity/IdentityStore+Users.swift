import SQL

/// A user as administrators see it.
package struct UserRecord: Sendable, Hashable {
    package let user: User
    package let isDisabled: Bool

    package init(user: User, isDisabled: Bool) {
        self.user = user
        self.isDisabled = isDisabled
    }
}

extension IdentityStore {
    /// Users of a page at most.
    package static let userPageLimit = 1_000

    /// The people in the order of their names.
    /// - Parameter after: the name to go on from.
    package func users(after name: String? = nil, limit: Int) async throws -> [UserRecord] {
        let limit = max(1, min(limit, Self.userPageLimit))
        return try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.userColumns), u.is_disabled FROM users u
                WHERE u.name_key > ? AND u.account_kind = 'person' ORDER BY u.name_key LIMIT ?
                """, [.text(name.map(RepositoryID.key) ?? ""), .integer(Int64(limit))]
            ).map { UserRecord(user: try Self.user($0), isDisabled: try $0.boolean("is_disabled")) }
        }
    }

    /// A page of the people whose name holds a text, disabled or not, in the order of their names.
    /// - Parameters:
    ///   - search: a part of the name; empty for all.
    ///   - after: the name to go on from.
    ///   - before: the name to go back from, where there is no `after`.
    /// - Returns: the page, how many there are in all, and whether there are more on either side of it.
    package func users(search: String, after: String?, before: String?, limit: Int) async throws -> (
        users: [UserRecord], total: Int64, hasPrevious: Bool, hasNext: Bool
    ) {
        let limit = max(1, min(limit, Self.userPageLimit))
        let pattern = Value.text("%\(RepositoryStore.escapeLike(RepositoryID.key(search)))%")
        let condition = "u.account_kind = 'person' AND u.name_key LIKE ? ESCAPE '!'"
        let isBack = after == nil && before != nil
        let mark = Value.text(RepositoryID.key(after ?? before ?? ""))
        return try await database.read { connection in
            let total = try connection.first("SELECT COUNT(*) AS n FROM users u WHERE \(condition)", [pattern])
            let rows = try connection.query(
                """
                SELECT \(Self.userColumns), u.is_disabled FROM users u
                WHERE \(condition) AND u.name_key \(isBack ? "<" : ">") ?
                ORDER BY u.name_key \(isBack ? "DESC" : "ASC") LIMIT ?
                """, [pattern, mark, .integer(Int64(limit + 1))]
            ).map { UserRecord(user: try Self.user($0), isDisabled: try $0.boolean("is_disabled")) }
            let page = Array(rows.prefix(limit))
            let hasMore = rows.count > limit
            return (
                isBack ? page.reversed() : page, try total?.integer("n") ?? 0,
                hasPrevious: isBack ? hasMore : after != nil, hasNext: isBack || hasMore
            )
        }
    }

    /// Makes somebody a site administrator, or one no longer. His tokens that administer end with that.
    /// - Parameter principal: for the audit log; nil for the operator on the data directory.
    /// - Throws: `.notFound`; `.conflict` for the last administrator.
    package func setAdministrator(_ isAdministrator: Bool, user name: String, by principal: Principal? = nil)
        async throws
    {
        let now = clock.now()
        try await database.write { connection in
            let row = try connection.first(
                """
                SELECT id, name, is_administrator FROM users
                WHERE name_key = ? AND account_kind = 'person' AND is_disabled = 0
                """, [.text(RepositoryID.key(name))])
            guard let row else { throw HubError(.notFound, "There is no user called '\(name)'.") }
            guard try row.boolean("is_administrator") != isAdministrator else { return }
            let id = try row.integer("id")
            if !isAdministrator {
                let others = try connection.first(
                    "SELECT COUNT(*) AS n FROM users WHERE is_administrator = 1 AND is_disabled = 0 AND id <> ?",
                    [.integer(id)])
                guard try others?.integer("n") ?? 0 > 0 else {
                    throw HubError(.conflict, "'\(try row.text("name"))' is the last administrator.")
                }
                try connection.execute(
                    """
                    UPDATE access_tokens SET revoked_at = ?
                    WHERE user_id = ? AND scope = 'admin' AND revoked_at IS NULL
                    """, [.integer(now), .integer(id)])
            }
            try connection.execute(
                "UPDATE users SET is_administrator = ? WHERE id = ?", [Value(isAdministrator), .integer(id)])
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, isAdministrator ? "user.promote" : "user.demote",
                    "user:\(try row.text("name"))"), at: now, in: connection)
        }
    }

    /// What an account is called, whatever it is; nil when there is none.
    package func name(ofAccount id: Int64) async throws -> String? {
        try await database.read { connection in
            try connection.first("SELECT name FROM users WHERE id = ?", [.integer(id)])?.text("name")
        }
    }

    /// A user, disabled or not.
    package func userRecord(named name: String) async throws -> UserRecord? {
        try await database.read { connection in
            try connection.first(
                "SELECT \(Self.userColumns), u.is_disabled FROM users u WHERE u.name_key = ?",
                [.text(RepositoryID.key(name))]
            ).map { UserRecord(user: try Self.user($0), isDisabled: try $0.boolean("is_disabled")) }
        }
    }

    /// Shuts an account out, ending its sessions and tokens for good, or lets it in again, to sign in anew; its
    /// repositories stay as they are.
    /// - Parameter principal: for the audit log; nil for the operator on the data directory.
    /// - Throws: `.notFound`; `.conflict` for the last administrator.
    package func setDisabled(_ isDisabled: Bool, user name: String, by principal: Principal? = nil) async throws {
        let now = clock.now()
        try await database.write { connection in
            let row = try connection.first(
                "SELECT id, name, is_administrator, is_disabled FROM users WHERE name_key = ?",
                [.text(RepositoryID.key(name))])
            guard let row else { throw HubError(.notFound, "There is no user called '\(name)'.") }
            guard try row.boolean("is_disabled") != isDisabled else { return }
            if isDisabled, try row.boolean("is_administrator") {
                let others = try connection.first(
                    "SELECT COUNT(*) AS n FROM users WHERE is_administrator = 1 AND is_disabled = 0 AND id <> ?",
                    [.integer(try row.integer("id"))])
                guard try others?.integer("n") ?? 0 > 0 else {
                    throw HubError(.conflict, "'\(try row.text("name"))' is the last administrator.")
                }
            }
            try connection.execute(
                "UPDATE users SET is_disabled = ? WHERE id = ?", [Value(isDisabled), .integer(try row.integer("id"))])
            if isDisabled { try Credentials.end(of: try row.integer("id"), now: now, in: connection) }
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, isDisabled ? "user.disable" : "user.enable",
                    "user:\(try row.text("name"))"), at: now, in: connection)
        }
    }
}
