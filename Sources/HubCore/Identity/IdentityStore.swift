import Crypto
package import SQL

/// Users and their access tokens. Tokens are kept as SHA-256 only: what a user lost cannot be shown again.
package struct IdentityStore: Sendable {
    private let database: any Database
    private let clock: WallClock
    private let identifiers: IdentifierSource

    package init(database: any Database, clock: WallClock, identifiers: IdentifierSource) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// Creates a user and the namespace of the same name.
    /// - Throws: `.badRequest` for an invalid name, `.conflict` when the name is taken here or by an upstream.
    package func createUser(_ name: String, isAdministrator: Bool) async throws -> User {
        guard RepositoryID.isValidName(name), !RepositoryID.reservedNamespaces.contains(RepositoryID.key(name)) else {
            throw HubError(
                .badRequest, "'\(name)' is not a valid user name.",
                remedy:
                    "Use letters, digits, '.', '_' and '-', beginning with a letter or digit; some words are reserved.")
        }
        let user = User(
            id: identifiers.next(), name: name, isAdministrator: isAdministrator, createdAt: clock.now())
        try await database.write { connection in
            if try connection.first("SELECT id FROM users WHERE name_key = ?", [.text(RepositoryID.key(name))]) != nil {
                throw HubError(.conflict, "A user called '\(name)' already exists.")
            }
            try NamespaceRegister.claimLocal(name, now: user.createdAt, in: connection)
            try connection.execute(
                "INSERT INTO users (id, name, name_key, is_administrator, created_at) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(user.id), .text(name), .text(RepositoryID.key(name)), Value(isAdministrator),
                    .integer(user.createdAt),
                ])
        }
        return user
    }

    package func user(named name: String) async throws -> User? {
        try await database.read { connection in
            try connection.first(
                "SELECT id, name, is_administrator, created_at FROM users WHERE name_key = ? AND is_disabled = 0",
                [.text(RepositoryID.key(name))]
            ).map(Self.user)
        }
    }

    /// Makes a token and returns its text, which is nowhere stored.
    package func createToken(for user: User, name: String, scope: TokenGrant.Scope, expiresAt: Int64?) async throws
        -> Secret
    {
        let token = AccessToken.generate()
        let id = identifiers.next()
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO access_tokens (id, user_id, name, token_hash, last_four, scope, created_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(id), .integer(user.id), .text(name), .text(AccessToken.hash(token.reveal())),
                    .text(String(token.reveal().suffix(4))), .text(scope.rawValue), .integer(now), Value(expiresAt),
                ])
        }
        return token
    }

    /// The principal a presented token stands for; nil when it is unknown, expired or revoked.
    package func principal(token: String) async throws -> Principal? {
        guard token.utf8.count <= 512 else { return nil }
        return try await principal(hash: AccessToken.hash(token))
    }

    private func principal(hash: String) async throws -> Principal? {
        let now = clock.now()
        return try await database.read { connection in
            let row = try connection.first(
                """
                SELECT u.id, u.name, u.is_administrator, u.created_at, t.id AS token_id, t.name AS token_name,
                       t.scope, t.created_at AS token_created_at, t.expires_at
                FROM access_tokens t JOIN users u ON u.id = t.user_id
                WHERE t.token_hash = ? AND t.revoked_at IS NULL AND u.is_disabled = 0
                """,
                [.text(hash)])
            guard let row, let scope = TokenGrant.Scope(rawValue: try row.text("scope")) else { return nil }
            if let expiry = try row.optionalInteger("expires_at"), expiry <= now { return nil }
            return Principal(
                user: try Self.user(row),
                token: TokenGrant(
                    id: try row.integer("token_id"), name: try row.text("token_name"), scope: scope,
                    createdAt: try row.integer("token_created_at")))
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

    private static func user(_ row: Row) throws -> User {
        User(
            id: try row.integer("id"), name: try row.text("name"),
            isAdministrator: try row.boolean("is_administrator"), createdAt: try row.integer("created_at"))
    }
}
