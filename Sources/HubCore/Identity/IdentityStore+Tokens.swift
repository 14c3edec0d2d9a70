import Crypto
import SQL

/// A token as its owner sees it: everything but its text.
package struct TokenRecord: Sendable, Hashable {
    package let grant: TokenGrant
    /// The last four characters, to know it by.
    package let lastFour: String
    /// Milliseconds since 1970, to the minute; nil for never.
    package let lastUsedAt: Int64?
}

extension IdentityStore {
    /// How often the time of a token's last use is written at most, in milliseconds.
    static let lastUsedInterval: Int64 = 60_000
    /// Tokens that count which one user may have.
    package static let tokenLimit = 200

    static let tokenColumns = """
        t.id AS token_id, t.name AS token_name, t.scope, t.created_at AS token_created_at, t.expires_at, t.resources,
        t.last_used_at, t.last_four
        """

    /// Makes a token and returns its text, which is nowhere stored.
    /// - Parameters:
    ///   - resources: what the token is narrowed to; nil for all its user does.
    ///   - principal: for the audit log; nil for the operator on the data directory.
    /// - Throws: `.badRequest` for a name or list that is too long, `.conflict` when the user has too many.
    package func createToken(
        for user: User, name: String, scope: TokenGrant.Scope, expiresAt: Int64?, resources: [TokenResource]? = nil,
        by principal: Principal? = nil
    ) async throws -> Secret {
        try await makeToken(
            for: user, name: name, scope: scope, expiresAt: expiresAt, resources: resources, by: principal
        ).token
    }

    /// Seconds for which a token that was given to git-lfs over SSH counts.
    package static let lfsTokenLifetime: Int64 = 600

    /// Makes the token that git-lfs gets over SSH: for one repository, one direction and ten minutes, so that it does
    /// no more than the connection that asked for it (S16).
    /// - Parameter repository: opened for what is asked.
    package func createLFSToken(for user: User, to repository: Repository, isUpload: Bool) async throws -> Secret {
        try await createToken(
            for: user, name: "git-lfs over ssh", scope: isUpload ? .upload : .read,
            expiresAt: clock.now() + Self.lfsTokenLifetime * 1_000, resources: [.repository(repository.id)])
    }

    /// Makes a token of the principal's own, which does no more than the one it was asked with (S4).
    /// - Parameters:
    ///   - application: what it is for, where names are given once; nil for a token of no application in particular.
    ///   - replaced: a token of the principal's own that ends as this one begins.
    /// - Throws: `.forbidden` for a wider one, or a parent that only reads; `.conflict` for a name an application has.
    package func mintToken(
        by principal: Principal, name: String, scope: TokenGrant.Scope, expiresAt: Int64?, resources: [TokenResource]?,
        application: TokenApplication? = nil, replacing replaced: Int64? = nil
    ) async throws -> (token: Secret, record: TokenRecord) {
        // Those of a robot are made by who answers for it.
        let user = try principal.person()
        try principal.requireCoverage(scope: scope, resources: resources, expiresAt: expiresAt)
        if scope == .admin, !user.isAdministrator {
            throw HubError(.forbidden, "The scope admin is for administrators.")
        }
        return try await makeToken(
            for: user, name: name, scope: scope, expiresAt: expiresAt, resources: resources, by: principal,
            application: application, replacing: replaced)
    }

    func makeToken(
        for user: User, name: String, scope: TokenGrant.Scope, expiresAt: Int64?, resources: [TokenResource]?,
        by principal: Principal?, application: TokenApplication? = nil, replacing replaced: Int64? = nil
    ) async throws -> (token: Secret, record: TokenRecord) {
        let now = clock.now()
        guard !name.isEmpty, name.utf8.count <= 96, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw HubError(.badRequest, "A token's name has 1 to 96 bytes without control characters.")
        }
        guard resources.map({ (1...TokenResource.maximumCount).contains($0.count) }) ?? true else {
            throw HubError(.badRequest, "A token is narrowed to 1 to \(TokenResource.maximumCount) repositories.")
        }
        let token = AccessToken.generate()
        let lastFour = String(token.reveal().suffix(4))
        let grant = TokenGrant(
            id: identifiers.next(), name: name, scope: scope, createdAt: now, expiresAt: expiresAt,
            resources: resources)
        let list = try resources.map { try JSONText.encode(.array($0.map { .string($0.description) })) }
        try await database.write { connection in
            if let replaced { try Self.end(replaced, of: user, at: now, in: connection) }
            if let application { try Self.refuseTaken(name, of: user, for: application, at: now, in: connection) }
            let count = try connection.first(
                """
                SELECT COUNT(*) AS n FROM access_tokens
                WHERE user_id = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)
                """, [.integer(user.id), .integer(now)])
            guard try count?.integer("n") ?? 0 < Self.tokenLimit else {
                throw HubError(.conflict, "'\(user.name)' has \(Self.tokenLimit) tokens.", remedy: "Revoke some.")
            }
            try connection.execute(
                """
                INSERT INTO access_tokens
                    (id, user_id, name, token_hash, last_four, scope, created_at, expires_at, resources, application)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(grant.id), .integer(user.id), .text(name), .text(AccessToken.hash(token.reveal())),
                    .text(lastFour), .text(scope.rawValue), .integer(now), Value(expiresAt), Value(list),
                    Value(application?.rawValue),
                ])
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, "token.create", "user:\(user.name)",
                    detail: .object([
                        .init(key: "token", value: .integer(grant.id)),
                        .init(key: "scope", value: .string(scope.rawValue)),
                    ])), at: now, in: connection)
        }
        return (token, TokenRecord(grant: grant, lastFour: lastFour, lastUsedAt: nil))
    }

    /// The tokens of a user that count, newest first.
    package func tokens(of user: User) async throws -> [TokenRecord] {
        let now = clock.now()
        return try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.tokenColumns) FROM access_tokens t
                WHERE t.user_id = ? AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ?)
                ORDER BY t.id DESC LIMIT \(Self.tokenLimit)
                """, [.integer(user.id), .integer(now)]
            ).map { row in
                guard let grant = try Self.tokenGrant(row) else {
                    throw HubError(.storageCorrupt, "The token \(try row.integer("token_id")) cannot be read.")
                }
                return TokenRecord(
                    grant: grant, lastFour: try row.text("last_four"),
                    lastUsedAt: try row.optionalInteger("last_used_at"))
            }
        }
    }

    /// Ends a token of a user; links that were signed for it end with it.
    /// - Parameter principal: for the audit log; nil for the operator on the data directory.
    /// - Throws: `.notFound` for a token of somebody else, too (S2).
    package func revokeToken(_ id: Int64, of user: User, by principal: Principal? = nil) async throws {
        let now = clock.now()
        try await database.write { connection in
            let changed = try connection.execute(
                "UPDATE access_tokens SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL",
                [.integer(now), .integer(id), .integer(user.id)])
            guard changed == 1 else { throw HubError(.notFound, "'\(user.name)' has no such token.") }
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, "token.revoke", "user:\(user.name)",
                    detail: .object([.init(key: "token", value: .integer(id))])), at: now, in: connection)
        }
    }

    /// The principal a presented token stands for; nil when it is unknown, expired or revoked.
    package func principal(token: String) async throws -> Principal? {
        guard token.utf8.count <= 512 else { return nil }
        return try await principal(hash: AccessToken.hash(token))
    }

    private func principal(hash: String) async throws -> Principal? {
        let now = clock.now()
        let row = try await database.read { connection in
            try connection.first(
                """
                SELECT \(Self.userColumns), u.account_expires_at, \(Self.tokenColumns)
                FROM access_tokens t JOIN users u ON u.id = t.user_id
                WHERE t.token_hash = ? AND t.revoked_at IS NULL AND \(Self.isLive)
                """,
                [.text(hash), .integer(now)])
        }
        guard let row, let grant = try Self.tokenGrant(row) else { return nil }
        if let expiry = grant.expiresAt, expiry <= now { return nil }
        AnswerConditions.hold(until: grant.expiresAt)
        AnswerConditions.hold(until: try row.optionalInteger("account_expires_at"))
        await noteUse(of: grant.id, lastUsedAt: try row.optionalInteger("last_used_at"), now: now)
        return Principal(user: try Self.user(row), token: grant)
    }

    /// Writes the time of use, once a minute at most. A full disk stops nobody from reading.
    private func noteUse(of id: Int64, lastUsedAt: Int64?, now: Int64) async {
        if let lastUsedAt, now - lastUsedAt < Self.lastUsedInterval { return }
        _ = try? await database.write { connection in
            try connection.execute(
                "UPDATE access_tokens SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)",
                [.integer(now), .integer(id), .integer(now - Self.lastUsedInterval)])
        }
    }

    /// The principal of a token that was presented before, if it still counts.
    package func principal(tokenID: Int64) async throws -> Principal? {
        let hash = try await database.read { connection in
            try connection.first("SELECT token_hash FROM access_tokens WHERE id = ?", [.integer(tokenID)])?
                .text("token_hash")
        }
        guard let hash else { return nil }
        return try await principal(hash: hash)
    }

    /// Nil for a row nobody can read: such a token counts for nothing.
    static func tokenGrant(_ row: Row) throws -> TokenGrant? {
        guard let scope = TokenGrant.Scope(rawValue: try row.text("scope")) else { return nil }
        var resources: [TokenResource]?
        if let text = try row.optionalText("resources") {
            guard case .array(let names)? = JSONText.decode(text) else { return nil }
            resources = names.compactMap { $0.string.flatMap(TokenResource.init(parsing:)) }
        }
        return TokenGrant(
            id: try row.integer("token_id"), name: try row.text("token_name"), scope: scope,
            createdAt: try row.integer("token_created_at"), expiresAt: try row.optionalInteger("expires_at"),
            resources: resources)
    }
}
