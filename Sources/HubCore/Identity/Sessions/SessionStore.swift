import SQL

/// The sessions of people. A session is kept as a hash only: who reads the database cannot go on in one (S41).
package struct SessionStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    private static let columns =
        "s.id AS session_id, s.created_at AS session_created_at, s.last_seen_at, "
        + "s.expires_at, s.address, s.client"

    /// Begins a session of somebody who has just shown his password.
    /// - Parameter old: the session the browser brought along, which ends: nobody goes on in one that was planted.
    /// - Throws: `.invalidCredentials` when the account was shut out or its password changed meanwhile.
    func begin(_ proof: PasswordStore.Proof, address: String?, client: String?, replacing old: String?) async throws
        -> (secret: Secret, session: Session)
    {
        let secret = Session.generate()
        let now = clock.now()
        let session = Session(
            id: identifiers.next(), createdAt: now, lastSeenAt: now, expiresAt: now + Session.lifetime,
            address: address, client: client.map { String($0.filter { !$0.isNewline }.prefix(200)) })
        try await database.write { connection in
            let row = try connection.first(
                """
                SELECT u.id FROM users u JOIN passwords p ON p.user_id = u.id
                WHERE u.id = ? AND u.is_disabled = 0 AND p.hash = ?
                """, [.integer(proof.user.id), .text(proof.hash)])
            guard row != nil else { throw SignIn.refused }
            if let old { try Self.end(old, in: connection) }
            try Self.makeRoom(for: proof.user.id, now: now, in: connection)
            try connection.execute(
                """
                INSERT INTO sessions (id, user_id, secret_hash, created_at, last_seen_at, expires_at, address, client)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(session.id), .integer(proof.user.id), .text(Session.hash(secret.reveal())),
                    .integer(now), .integer(now), .integer(session.expiresAt), Value(session.address),
                    Value(session.client),
                ])
            try Self.audit(
                "begin", proof.user.name, session.id, by: Principal(user: proof.user, token: nil), now, connection)
        }
        return (secret, session)
    }

    /// Who goes on in a session; nil when it has ended, or never was.
    package func principal(session text: String) async throws -> Principal? {
        guard text.utf8.count == 64 else { return nil }
        let now = clock.now()
        let row = try await database.read { connection in
            try connection.first(
                """
                SELECT \(IdentityStore.userColumns), \(Self.columns) FROM sessions s JOIN users u ON u.id = s.user_id
                WHERE s.secret_hash = ? AND u.is_disabled = 0
                """, [.text(Session.hash(text))])
        }
        // Every request of a session lengthens it.
        AnswerConditions.bar()
        guard let row else { return nil }
        let session = try Self.session(row)
        guard session.expiresAt > now, session.lastSeenAt + Session.idleLimit > now else { return nil }
        await noteUse(of: session, now: now)
        let user = try IdentityStore.user(row)
        // A person on the website does what he may do himself.
        let grant = TokenGrant(
            id: 0, name: "session", scope: user.isAdministrator ? .admin : .write, createdAt: session.createdAt)
        return Principal(user: user, token: grant, session: session.id)
    }

    /// Writes the time of use, once a minute at most. A full disk signs nobody out.
    private func noteUse(of session: Session, now: Int64) async {
        guard now - session.lastSeenAt >= Session.seenInterval else { return }
        _ = try? await database.write { connection in
            try connection.execute(
                "UPDATE sessions SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?",
                [.integer(now), .integer(session.id), .integer(now)])
        }
    }

    /// The sessions of a person that go on, newest first.
    package func list(of user: User) async throws -> [Session] {
        let now = clock.now()
        return try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.columns) FROM sessions s
                WHERE s.user_id = ? AND s.expires_at > ? AND s.last_seen_at > ? ORDER BY s.id DESC
                """, [.integer(user.id), .integer(now), .integer(now - Session.idleLimit)]
            ).map(Self.session)
        }
    }

    /// Ends one session of a person.
    /// - Throws: `.notFound` for a session of somebody else, too (S2).
    package func end(_ id: Int64, of user: User, by principal: Principal) async throws {
        let now = clock.now()
        try await database.write { connection in
            let changed = try connection.execute(
                "DELETE FROM sessions WHERE id = ? AND user_id = ?", [.integer(id), .integer(user.id)])
            guard changed == 1 else { throw HubError(.notFound, "There is no such session.") }
            try Self.audit("end", user.name, id, by: principal, now, connection)
        }
    }

    /// Ends all sessions of a person, everywhere. Tokens go on.
    /// - Parameter principal: for the audit log; nil for the operator on the data directory.
    package func endAll(of user: User, by principal: Principal? = nil) async throws {
        let now = clock.now()
        try await database.write { connection in
            let ended = try connection.execute("DELETE FROM sessions WHERE user_id = ?", [.integer(user.id)])
            guard ended > 0 else { return }
            try Self.audit("end-all", user.name, nil, by: principal ?? .operator, now, connection)
        }
    }

    private static func end(_ text: String, in connection: any Connection) throws {
        try connection.execute("DELETE FROM sessions WHERE secret_hash = ?", [.text(Session.hash(text))])
    }

    /// Removes what has ended, and the oldest of too many.
    private static func makeRoom(for user: Int64, now: Int64, in connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM sessions WHERE expires_at <= ? OR last_seen_at <= ?",
            [.integer(now), .integer(now - Session.idleLimit)])
        let kept = try connection.query(
            "SELECT id FROM sessions WHERE user_id = ? ORDER BY id DESC", [.integer(user)])
        for row in kept.dropFirst(Session.limit - 1) {
            try connection.execute("DELETE FROM sessions WHERE id = ?", [.integer(try row.integer("id"))])
        }
    }

    private static func audit(
        _ word: String, _ user: String, _ id: Int64?, by principal: Principal, _ now: Int64,
        _ connection: any Connection
    ) throws {
        try AuditLog.append(
            AuditEntry(
                by: principal, "session.\(word)", "user:\(user)",
                detail: .object([.init(key: "session", value: id.map(JSONValue.integer) ?? .null)])), at: now,
            in: connection)
    }

    private static func session(_ row: Row) throws -> Session {
        Session(
            id: try row.integer("session_id"), createdAt: try row.integer("session_created_at"),
            lastSeenAt: try row.integer("last_seen_at"), expiresAt: try row.integer("expires_at"),
            address: try row.optionalText("address"), client: try row.optionalText("client"))
    }
}
