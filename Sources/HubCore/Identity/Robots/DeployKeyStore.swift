import SQL

/// An SSH key that opens one repository and nothing else.
package struct DeployKey: Sendable, Hashable {
    /// The account that acts when the key is used.
    package let account: User
    /// What people know it by.
    package let name: String
    package let fingerprint: String
    package let canWrite: Bool
    /// Milliseconds since 1970; nil for never.
    package let expiresAt: Int64?

    /// The most a repository may have.
    package static let limit = 50
}

/// The deploy keys of repositories. A deploy key is an account with one key and one grant: what decides about people
/// decides about it.
package struct DeployKeyStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Lets a key to a repository.
    /// - Parameter place: the repository, opened to give rights on it.
    /// - Throws: `.conflict` when the key is in use anywhere on this hub; `.forbidden` for more than the giver, or his
    ///   token, may do.
    package func add(
        _ key: SSHPublicKey, name: String, canWrite: Bool, expiresAt: Int64?, to repository: Repository,
        at place: GrantPlace
    ) async throws -> DeployKey {
        guard place.scope == .repository(repository.key) else {
            throw HubError(.internalError, "\(repository.id) was opened elsewhere.")
        }
        try place.principal.requireCoverage(
            scope: canWrite ? .write : .read, resources: [.repository(repository.id)], expiresAt: expiresAt)
        let role: GrantedRole = .standard(canWrite ? .writer : .reader)
        try place.requireOwn(role.given)
        let now = clock.now()
        let (id, grant, row) = (identifiers.next(), identifiers.next(), identifiers.next())
        let account = User(
            id: id, name: "deploy-key:\(String(id, radix: 16))", isAdministrator: false, createdAt: now,
            kind: .deployKey)
        let added = DeployKey(
            account: account, name: String(name.prefix(96)), fingerprint: key.fingerprint, canWrite: canWrite,
            expiresAt: expiresAt)
        try await database.write { connection in
            let count = try connection.first(
                "SELECT COUNT(*) AS n FROM deploy_keys WHERE repository_id = ?", [.integer(repository.key)])
            guard try count?.integer("n") ?? 0 < DeployKey.limit else {
                throw HubError(.conflict, "\(repository.id) has \(DeployKey.limit) deploy keys.")
            }
            try IdentityStore.insert(account, expiresAt: expiresAt, in: connection)
            try SSHKeyStore.insert(row, key, of: account, name: added.name, now: now, in: connection)
            try connection.execute(
                "INSERT INTO deploy_keys (repository_id, user_id, can_write, created_by) VALUES (?, ?, ?, ?)",
                [.integer(repository.key), .integer(id), Value(canWrite), .text(place.principal.label)])
            try GrantStore.insert(
                AccessGrant(id: grant, subject: .user(id), scope: place.scope, role: role, effect: .allow),
                by: place.principal, now: now, in: connection)
            try Self.audit("add", added, of: repository, now, connection)
        }
        return added
    }

    /// The deploy keys of a repository, oldest first.
    /// - Parameter repository: opened for `.memberAdmin`.
    package func list(of repository: Repository) async throws -> [DeployKey] {
        try await database.read { connection in
            try connection.query("\(Self.query) ORDER BY u.id", [.integer(repository.key)]).map(Self.key)
        }
    }

    /// Takes a key from a repository.
    /// - Parameter repository: opened for `.memberAdmin`.
    /// - Throws: `.notFound` for a key of another repository, too (S2).
    package func remove(_ id: Int64, from repository: Repository) async throws {
        let now = clock.now()
        try await database.write { connection in
            let row = try connection.first("\(Self.query) AND u.id = ?", [.integer(repository.key), .integer(id)])
            guard let key = try row.map(Self.key) else {
                throw HubError(.notFound, "There is no such deploy key here.")
            }
            try connection.execute("DELETE FROM deploy_keys WHERE user_id = ?", [.integer(id)])
            try IdentityStore.retire(key.account, now: now, in: connection)
            try Self.audit("remove", key, of: repository, now, connection)
        }
    }

    /// What the account of a deploy key opens: the key of its repository, and whether it may write; nil for any other
    /// account.
    package func target(of account: User) async throws -> (repository: Int64, canWrite: Bool)? {
        try await database.read { connection in
            try connection.first(
                "SELECT repository_id, can_write FROM deploy_keys WHERE user_id = ?", [.integer(account.id)]
            ).map { (try $0.integer("repository_id"), try $0.boolean("can_write")) }
        }
    }

    /// Ends the keys of a repository, within the transaction that removes it.
    static func forget(allOf repository: Int64, now: Int64, in connection: any Connection) throws {
        for row in try connection.query(query, [.integer(repository)]) {
            let key = try key(row)
            try connection.execute("DELETE FROM deploy_keys WHERE user_id = ?", [.integer(key.account.id)])
            try IdentityStore.retire(key.account, now: now, in: connection)
        }
    }

    private static let query = """
        SELECT \(IdentityStore.userColumns), u.account_expires_at, d.can_write, k.name AS key_name, k.fingerprint
        FROM deploy_keys d JOIN users u ON u.id = d.user_id JOIN ssh_keys k ON k.user_id = d.user_id
        WHERE d.repository_id = ?
        """

    private static func key(_ row: Row) throws -> DeployKey {
        DeployKey(
            account: try IdentityStore.user(row), name: try row.text("key_name"),
            fingerprint: try row.text("fingerprint"), canWrite: try row.boolean("can_write"),
            expiresAt: try row.optionalInteger("account_expires_at"))
    }

    private static func audit(
        _ word: String, _ key: DeployKey, of repository: Repository, _ now: Int64, _ connection: any Connection
    ) throws {
        try AuditLog.append(
            AuditEntry(
                by: repository.principal, "deploy-key.\(word)", repository.id.description,
                detail: .object([
                    .init(key: "fingerprint", value: .string(key.fingerprint)),
                    .init(key: "canWrite", value: .boolean(key.canWrite)),
                ])), at: now, in: connection)
    }
}
