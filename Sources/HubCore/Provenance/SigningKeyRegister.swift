import SQL

/// A key that signed here, as others are told of it.
package struct KnownSigningKey: Sendable, Hashable {
    package let key: VerifyingKey
    /// `hub`, or `mirror:` and the name of the mirror whose key file it was.
    package let owner: String
    /// Milliseconds since 1970.
    package let firstUsedAt: Int64
    package let lastUsedAt: Int64
    /// Milliseconds since 1970 from which another key of the same owner and algorithm signs; nil while it does.
    package let supersededAt: Int64?

    package init(key: VerifyingKey, owner: String, firstUsedAt: Int64, lastUsedAt: Int64, supersededAt: Int64?) {
        self.key = key
        self.owner = owner
        self.firstUsedAt = firstUsedAt
        self.lastUsedAt = lastUsedAt
        self.supersededAt = supersededAt
    }
}

/// Which keys signed here, so that what they signed can be verified after they were replaced.
package struct SigningKeyRegister: Sendable {
    let store: RepositoryStore

    package init(store: RepositoryStore) { self.store = store }

    /// How exactly the last use is known, in milliseconds: not every signature is worth a write.
    private static let precision: Int64 = 3_600_000

    /// Notes that a key signs, before it does.
    package func note(_ key: VerifyingKey, owner: String) async throws {
        let now = store.clock.now()
        let known = try await store.database.read { connection in
            try connection.first("SELECT last_used_at FROM signing_keys WHERE key_id = ?", [.text(key.id)])?
                .integer("last_used_at")
        }
        if let known, known > now - Self.precision { return }
        try await store.database.write { connection in
            let row = try connection.first(
                "SELECT first_used_at, owner FROM signing_keys WHERE key_id = ?", [.text(key.id)])
            try connection.upsert(
                into: "signing_keys", key: [("key_id", .text(key.id))],
                values: [
                    ("algorithm", .text(key.algorithm.rawValue)), ("pem", .text(key.pem)),
                    ("owner", .text(try row?.text("owner") ?? owner)),
                    ("first_used_at", .integer(try row?.integer("first_used_at") ?? now)),
                    ("last_used_at", .integer(now)),
                ])
        }
    }

    /// All keys that signed here, the newest first.
    package func all() async throws -> [KnownSigningKey] {
        let rows = try await store.database.read { connection in
            try connection.query(
                "SELECT pem, owner, first_used_at, last_used_at FROM signing_keys ORDER BY first_used_at DESC, key_id")
        }
        var newest: [String: Int64] = [:]
        var keys: [KnownSigningKey] = []
        for row in rows {
            guard let key = try? VerifyingKey(pem: try row.text("pem")) else { continue }
            let owner = try row.text("owner")
            let first = try row.integer("first_used_at")
            let place = "\(owner) \(key.algorithm.rawValue)"
            keys.append(
                KnownSigningKey(
                    key: key, owner: owner, firstUsedAt: first, lastUsedAt: try row.integer("last_used_at"),
                    supersededAt: newest[place]))
            newest[place] = first
        }
        return keys
    }
}
