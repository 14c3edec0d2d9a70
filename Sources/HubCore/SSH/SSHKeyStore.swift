package import SQL

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
    /// - Throws: `.conflict` when the key is somebody's already: one key, one person.
    package func add(_ key: SSHPublicKey, to user: User, name: String, by principal: Principal? = nil) async throws {
        let id = identifiers.next()
        let now = clock.now()
        try await database.write { connection in
            if try connection.first("SELECT id FROM ssh_keys WHERE fingerprint = ?", [.text(key.fingerprint)]) != nil {
                throw HubError(.conflict, "The key SHA256:\(key.fingerprint) is in use already.")
            }
            try connection.execute(
                """
                INSERT INTO ssh_keys (id, user_id, name, fingerprint, public_key, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(id), .integer(user.id), .text(String(name.prefix(96))), .text(key.fingerprint),
                    .text(key.line), .integer(now),
                ])
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, "key.add", "user:\(user.name)",
                    detail: .object([.init(key: "fingerprint", value: .string(key.fingerprint))])), at: now,
                in: connection)
        }
    }

    /// Whose key this is; nil for nobody's, and for that of a disabled user.
    package func owner(of key: SSHPublicKey) async throws -> User? {
        try await database.read { connection in
            try connection.first(
                """
                SELECT u.id, u.name, u.is_administrator, u.created_at FROM ssh_keys k JOIN users u ON u.id = k.user_id
                WHERE k.fingerprint = ? AND u.is_disabled = 0
                """, [.text(key.fingerprint)]
            ).map { row in
                User(
                    id: try row.integer("id"), name: try row.text("name"),
                    isAdministrator: try row.boolean("is_administrator"), createdAt: try row.integer("created_at"))
            }
        }
    }
}
