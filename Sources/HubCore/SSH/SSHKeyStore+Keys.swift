import SQL

/// A key as its owner sees it.
package struct SSHKeyRecord: Sendable, Hashable {
    package let id: Int64
    package let name: String
    /// As ``SSHPublicKey/fingerprint``.
    package let fingerprint: String
    /// Type and key.
    package let line: String
    /// Milliseconds since 1970.
    package let createdAt: Int64
}

extension SSHKeyStore {
    /// The keys of a user, newest first.
    package func keys(of user: User, offset: Int = 0, limit: Int = 1_000) async throws -> [SSHKeyRecord] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT id, name, fingerprint, public_key, created_at FROM ssh_keys WHERE user_id = ?
                ORDER BY id DESC LIMIT ? OFFSET ?
                """, [.integer(user.id), .integer(Int64(max(1, min(limit, 1_000)))), .integer(Int64(max(0, offset)))]
            ).map { row in
                SSHKeyRecord(
                    id: try row.integer("id"), name: try row.text("name"), fingerprint: try row.text("fingerprint"),
                    line: try row.text("public_key"), createdAt: try row.integer("created_at"))
            }
        }
    }

    /// Lets a user in by a key no longer. Several of one name go together.
    /// - Throws: `.notFound` for a name that none of his keys has.
    package func remove(named name: String, of user: User, by principal: Principal) async throws {
        let now = clock.now()
        try await database.write { connection in
            let removed = try connection.execute(
                "DELETE FROM ssh_keys WHERE user_id = ? AND name = ?", [.integer(user.id), .text(name)])
            guard removed > 0 else { throw HubError(.notFound, "'\(user.name)' has no SSH key '\(name)'.") }
            try AuditLog.append(
                AuditEntry(
                    by: principal, "key.remove", "user:\(user.name)",
                    detail: .object([.init(key: "name", value: .string(name))])), at: now, in: connection)
        }
    }
}

extension RepositoryStore {
    /// The SSH keys of those who have accounts here.
    package var sshKeys: SSHKeyStore { SSHKeyStore(database: database, clock: clock, identifiers: identifiers) }
}
