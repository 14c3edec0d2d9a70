import SQL

/// The passwords of people, for signing in to the website. Tokens are what programs use.
package struct PasswordStore: Sendable {
    let database: any Database
    let clock: WallClock
    private let workers = PasswordWorkers()

    init(database: any Database, clock: WallClock) {
        self.database = database
        self.clock = clock
    }

    /// Somebody who has just shown that he knows his password.
    struct Proof: Sendable {
        let user: User
        /// The hash that was checked; when it is another one by now, the password has changed.
        let hash: String
    }

    /// Gives a person a new password, and ends every session and token that was made before.
    /// - Parameter principal: for the audit log; nil for the operator on the data directory.
    /// - Throws: `.badRequest` for a bad password, `.notFound`.
    package func set(_ password: Secret, of name: String, by principal: Principal? = nil) async throws {
        try await set(password, of: name, replacing: nil, by: principal)
    }

    /// - Parameter proof: who must still have the password that was shown; nil when nobody needs to.
    func set(_ password: Secret, of name: String, replacing proof: Proof?, by principal: Principal?) async throws {
        let password = PasswordRules.normalised(password)
        try PasswordRules.check(password, of: name)
        let hash = try await workers.run { try PasswordHash.make(of: password).text }
        let now = clock.now()
        try await database.write { connection in
            let row = try connection.first(
                """
                SELECT u.id, u.name, p.hash FROM users u LEFT JOIN passwords p ON p.user_id = u.id
                WHERE u.name_key = ? AND u.account_kind = 'person' AND u.is_disabled = 0
                """, [.text(RepositoryID.key(name))])
            guard let row else { throw HubError(.notFound, "There is no user called '\(name)'.") }
            if let proof, try row.optionalText("hash") != proof.hash {
                throw HubError(.conflict, "The password was changed by somebody else just now.")
            }
            let id = try row.integer("id")
            try connection.upsert(
                into: "passwords", key: [("user_id", .integer(id))],
                values: [("hash", .text(hash)), ("changed_at", .integer(now))])
            try Credentials.end(of: id, now: now, in: connection)
            try AuditLog.append(
                AuditEntry(by: principal ?? .operator, "password.set", "user:\(try row.text("name"))"), at: now,
                in: connection)
        }
    }

    /// Checks a password. A name nobody has, an account without a password and a disabled one cost as much as a wrong
    /// password, and answer the same (S44).
    /// - Returns: nil when it is not the password.
    func check(_ password: Secret, of name: String) async throws -> Proof? {
        let row = try await database.read { connection in
            try connection.first(
                """
                SELECT \(IdentityStore.userColumns), p.hash FROM users u JOIN passwords p ON p.user_id = u.id
                WHERE u.name_key = ? AND u.account_kind = 'person' AND u.is_disabled = 0
                """, [.text(RepositoryID.key(name))])
        }
        let stored = try row.flatMap { PasswordHash(stored: try $0.text("hash")) }
        let password = PasswordRules.normalised(password)
        // What is too long to be one costs no more than that.
        let isPossible = password.reveal().utf8.count <= PasswordRules.maximumByteCount
        let tried = isPossible ? password : Secret("")
        let isRight = try await workers.run { try (stored ?? .nobody).matches(tried) }
        guard isRight, isPossible, let row, let stored else { return nil }
        let user = try IdentityStore.user(row)
        guard stored.cost != .current else { return Proof(user: user, hash: stored.text) }
        return Proof(user: user, hash: try await rehash(password, of: user, from: stored))
    }

    /// Stores a hash of today's cost in place of an older one, unless the password has changed meanwhile.
    private func rehash(_ password: Secret, of user: User, from old: PasswordHash) async throws -> String {
        let new = try await workers.run { try PasswordHash.make(of: password).text }
        let changed = try await database.write { connection in
            try connection.execute(
                "UPDATE passwords SET hash = ? WHERE user_id = ? AND hash = ?",
                [.text(new), .integer(user.id), .text(old.text)])
        }
        return changed == 1 ? new : old.text
    }
}
