import Crypto
package import SQL

/// Users and their access tokens. Tokens are kept as SHA-256 only: what a user lost cannot be shown again.
package struct IdentityStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    package init(database: any Database, clock: WallClock, identifiers: IdentifierSource) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// The sessions of people on the website.
    package var sessions: SessionStore { SessionStore(database: database, clock: clock, identifiers: identifiers) }

    /// Signing in by password. There is one for a process: it counts failed tries.
    package func makeSignIn() -> SignIn {
        SignIn(passwords: PasswordStore(database: database, clock: clock), sessions: sessions, clock: clock)
    }

    /// Creates a user and the namespace of the same name.
    /// - Parameter principal: for the audit log; nil for the operator on the data directory.
    /// - Throws: `.badRequest` for an invalid name, `.conflict` when the name is taken here or by an upstream.
    package func createUser(_ name: String, isAdministrator: Bool, by principal: Principal? = nil) async throws -> User
    {
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
            try OrganisationStore.refuseTaken(name, in: connection)
            try NamespaceRegister.claimLocal(name, now: user.createdAt, in: connection)
            try connection.execute(
                "INSERT INTO users (id, name, name_key, is_administrator, created_at) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(user.id), .text(name), .text(RepositoryID.key(name)), Value(isAdministrator),
                    .integer(user.createdAt),
                ])
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, "user.create", "user:\(name)",
                    detail: .object([.init(key: "isAdministrator", value: .boolean(isAdministrator))])),
                at: user.createdAt, in: connection)
        }
        return user
    }

    /// A person's account that is not disabled.
    package func user(named name: String) async throws -> User? {
        try await account(named: name).flatMap { $0.kind == .person ? $0 : nil }
    }

    /// Whoever has a name, robots and keys too, and may come in.
    package func account(named name: String) async throws -> User? {
        let now = clock.now()
        return try await database.read { connection in
            try connection.first(
                "SELECT \(Self.userColumns) FROM users u WHERE u.name_key = ? AND \(Self.isLive)",
                [.text(RepositoryID.key(name)), .integer(now)]
            ).map(Self.user)
        }
    }

    /// What ``user(_:)`` reads of `users u`.
    static let userColumns = "u.id, u.name, u.is_administrator, u.created_at, u.account_kind"
    /// Which accounts `users u` may come in, now being the one placeholder.
    static let isLive = "u.is_disabled = 0 AND (u.account_expires_at IS NULL OR u.account_expires_at > ?)"

    /// - Throws: `.storageCorrupt` for an account of a kind nobody knows.
    static func user(_ row: Row) throws -> User {
        guard let kind = User.Kind(rawValue: try row.text("account_kind")) else {
            throw HubError(.storageCorrupt, "The account \(try row.integer("id")) cannot be read.")
        }
        return User(
            id: try row.integer("id"), name: try row.text("name"),
            isAdministrator: try row.boolean("is_administrator"), createdAt: try row.integer("created_at"), kind: kind)
    }
}
