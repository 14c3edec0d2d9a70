package import SQL

/// A key by which a person comes in.
package struct UserSSHKey: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let fingerprint: String
    /// Milliseconds since 1970.
    package let createdAt: Int64
}

/// The SSH keys of users.
package struct SSHKeyStore: Sendable {
    let database: any Database
    let clock: WallClock
    private let identifiers: IdentifierSource

    package init(database: any Database, clock: WallClock, identifiers: IdentifierSource) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// Lets a user in by a key.
    /// - Parameter name: to know it by.
    /// - Throws: `.conflict` when the key is somebody's already: one key, one person; `.badRequest` for a name with
    ///   control characters or marks of direction.
    @discardableResult
    package func add(_ key: SSHPublicKey, to user: User, name: String, by principal: Principal? = nil) async throws
        -> UserSSHKey
    {
        let id = identifiers.next()
        let now = clock.now()
        try await database.write { connection in
            try Self.insert(id, key, of: user, name: name, now: now, in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, "key.add", "user:\(user.name)",
                    detail: .object([.init(key: "fingerprint", value: .string(key.fingerprint))])), at: now,
                in: connection)
        }
        return UserSSHKey(id: id, name: String(name.prefix(96)), fingerprint: key.fingerprint, createdAt: now)
    }

    /// Writes a key's row, within the transaction of what it is part of.
    /// - Throws: `.conflict` when somebody has the key already; `.badRequest` for a name that would mislead people.
    static func insert(
        _ id: Int64, _ key: SSHPublicKey, of account: User, name: String, now: Int64, in connection: any Connection
    ) throws {
        guard name.isOnOneLine else {
            throw HubError(
                .badRequest, "The name of a key holds no control characters and no marks of direction.",
                remedy: "Give the key another name.")
        }
        if try connection.first("SELECT id FROM ssh_keys WHERE fingerprint = ?", [.text(key.fingerprint)]) != nil {
            throw HubError(.conflict, "The key SHA256:\(key.fingerprint) is in use already.")
        }
        try connection.execute(
            """
            INSERT INTO ssh_keys (id, user_id, name, fingerprint, public_key, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(id), .integer(account.id), .text(String(name.prefix(96))), .text(key.fingerprint),
                .text(key.line), .integer(now),
            ])
    }

    /// The keys of a person, oldest first.
    package func list(of user: User) async throws -> [UserSSHKey] {
        try await database.read { connection in
            try connection.query(
                "SELECT id, name, fingerprint, created_at FROM ssh_keys WHERE user_id = ? ORDER BY id",
                [.integer(user.id)]
            ).map { row in
                UserSSHKey(
                    id: try row.integer("id"), name: try row.text("name"), fingerprint: try row.text("fingerprint"),
                    createdAt: try row.integer("created_at"))
            }
        }
    }

    /// Takes a key from a person.
    /// - Parameter principal: for the audit log; nil for the operator on the data directory.
    /// - Throws: `.notFound` for a key of somebody else, too (S2).
    package func remove(_ id: Int64, of user: User, by principal: Principal? = nil) async throws {
        let now = clock.now()
        try await database.write { connection in
            let key: [Value] = [.integer(id), .integer(user.id)]
            let row = try connection.first("SELECT fingerprint FROM ssh_keys WHERE id = ? AND user_id = ?", key)
            guard let row else { throw HubError(.notFound, "'\(user.name)' has no such key.") }
            try connection.execute("DELETE FROM ssh_keys WHERE id = ? AND user_id = ?", key)
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, "key.remove", "user:\(user.name)",
                    detail: .object([.init(key: "fingerprint", value: .string(try row.text("fingerprint")))])),
                at: now, in: connection)
        }
    }

    /// Whose key this is, a person's or a deploy key's account; nil for nobody's, and for that of a disabled account.
    package func owner(of key: SSHPublicKey) async throws -> User? {
        let now = clock.now()
        return try await database.read { connection in
            try connection.first(
                """
                SELECT \(IdentityStore.userColumns) FROM ssh_keys k JOIN users u ON u.id = k.user_id
                WHERE k.fingerprint = ? AND \(IdentityStore.isLive)
                """, [.text(key.fingerprint), .integer(now)]
            ).map(IdentityStore.user)
        }
    }
}
