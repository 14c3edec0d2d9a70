import SQL

/// An account of an organisation for programs.
package struct Robot: Sendable, Hashable {
    /// Its account, called `acme+ci`: no name that a person or a namespace can have.
    package let account: User
    /// What it is called within its organisation.
    package let name: String
    package let role: Role
    /// Milliseconds since 1970; nil for never.
    package let expiresAt: Int64?

    /// The most an organisation may have.
    package static let limit = 200
}

/// The robots of organisations. Every method takes the organisation as it was opened and looks at no robot of another
/// (S2).
package struct RobotStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Makes a robot, a member of its organisation that says nobody who is what.
    /// - Parameters:
    ///   - expiresAt: milliseconds since 1970 from which it may do nothing; nil for never.
    ///   - organisation: opened for `.memberAdmin`.
    /// - Throws: `.badRequest`; `.conflict`; `.forbidden` for more than the maker, or his token, may do (S4, S6).
    package func create(_ name: String, role: Role, expiresAt: Int64?, in organisation: Organisation) async throws
        -> Robot
    {
        try organisation.require(.memberAdmin)
        try organisation.principal.requireCoverage(scope: .write, resources: nil, expiresAt: expiresAt)
        try organisation.rights.requireAll(role.given)
        guard role < .admin else { throw HubError(.badRequest, "A robot is no admin.") }
        let full = "\(organisation.name)+\(name)"
        guard RepositoryID.isValidName(name), full.utf8.count <= 96 else {
            throw HubError(
                .badRequest, "'\(name)' is no name for a robot.", remedy: "Use letters, digits, '.', '_' and '-'.")
        }
        let now = clock.now()
        let robot = Robot(
            account: User(id: identifiers.next(), name: full, isAdministrator: false, createdAt: now, kind: .robot),
            name: name, role: role, expiresAt: expiresAt)
        try await database.write { connection in
            let count = try connection.first(
                "SELECT COUNT(*) AS n FROM robots WHERE organisation_id = ?", [.integer(organisation.id)])
            guard try count?.integer("n") ?? 0 < Robot.limit else {
                throw HubError(.conflict, "'\(organisation.name)' has \(Robot.limit) robots.")
            }
            try IdentityStore.insert(robot.account, expiresAt: expiresAt, in: connection)
            try connection.execute(
                "INSERT INTO robots (user_id, organisation_id, name, created_by) VALUES (?, ?, ?, ?)",
                [
                    .integer(robot.account.id), .integer(organisation.id), .text(name),
                    .text(organisation.principal.label),
                ])
            try connection.execute(
                "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES (?, ?, ?, ?)",
                [
                    .integer(organisation.id), .integer(robot.account.id), .integer(role.rawValue), .integer(now),
                ])
            try organisation.audit("robot.create", ["robot": full, "role": role.name], at: now, in: connection)
        }
        return robot
    }

    /// The robots of an organisation in the order of their names.
    /// - Parameter organisation: opened for `.memberAdmin`.
    package func list(of organisation: Organisation) async throws -> [Robot] {
        try organisation.require(.memberAdmin)
        return try await database.read { connection in
            try connection.query("\(Self.query) ORDER BY u.name_key", [.integer(organisation.id)]).map(Self.robot)
        }
    }

    /// A robot by its name within the organisation.
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.notFound`.
    package func robot(named name: String, of organisation: Organisation) async throws -> Robot {
        try organisation.require(.memberAdmin)
        return try await database.read { try Self.find(name, of: organisation, in: $0) }
    }

    /// Ends a robot with all its tokens and rights. Its account stays, shut, so that records go on naming it.
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.notFound`.
    package func remove(_ name: String, from organisation: Organisation) async throws {
        try organisation.require(.memberAdmin)
        let now = clock.now()
        try await database.write { connection in
            let robot = try Self.find(name, of: organisation, in: connection)
            try TeamStore.forget(robot.account.id, in: organisation.id, connection)
            try connection.execute("DELETE FROM memberships WHERE user_id = ?", [.integer(robot.account.id)])
            try connection.execute("DELETE FROM robots WHERE user_id = ?", [.integer(robot.account.id)])
            try IdentityStore.retire(robot.account, now: now, in: connection)
            try organisation.audit("robot.remove", ["robot": robot.account.name], at: now, in: connection)
        }
    }

    private static let query = """
        SELECT \(IdentityStore.userColumns), u.account_expires_at, b.name AS robot_name, m.role FROM robots b
        JOIN users u ON u.id = b.user_id
        JOIN memberships m ON m.user_id = b.user_id AND m.organisation_id = b.organisation_id
        WHERE b.organisation_id = ?
        """

    private static func find(_ name: String, of organisation: Organisation, in connection: any Connection) throws
        -> Robot
    {
        let row = try connection.first(
            "\(query) AND u.name_key = ?",
            [.integer(organisation.id), .text(RepositoryID.key("\(organisation.name)+\(name)"))])
        guard let row else { throw HubError(.notFound, "'\(organisation.name)' has no robot called '\(name)'.") }
        return try robot(row)
    }

    private static func robot(_ row: Row) throws -> Robot {
        guard let role = Role(rawValue: try row.integer("role")) else {
            throw HubError(.storageCorrupt, "The robot '\(try row.text("name"))' cannot be read.")
        }
        return Robot(
            account: try IdentityStore.user(row), name: try row.text("robot_name"), role: role,
            expiresAt: try row.optionalInteger("account_expires_at"))
    }
}

extension IdentityStore {
    /// Inserts an account that is no person's and owns no namespace.
    static func insert(_ account: User, expiresAt: Int64?, in connection: any Connection) throws {
        let key = RepositoryID.key(account.name)
        guard try connection.first("SELECT id FROM users WHERE name_key = ?", [.text(key)]) == nil else {
            throw HubError(.conflict, "'\(account.name)' exists already, or did once.", remedy: "Choose another name.")
        }
        try connection.execute(
            """
            INSERT INTO users (id, name, name_key, is_administrator, created_at, account_kind, account_expires_at)
            VALUES (?, ?, ?, 0, ?, ?, ?)
            """,
            [
                .integer(account.id), .text(account.name), .text(key), .integer(account.createdAt),
                .text(account.kind.rawValue), Value(expiresAt),
            ])
    }

    /// Shuts an account that is no person's for good: tokens, keys and grants end.
    static func retire(_ account: User, now: Int64, in connection: any Connection) throws {
        try connection.execute("UPDATE users SET is_disabled = 1 WHERE id = ?", [.integer(account.id)])
        try connection.execute("DELETE FROM ssh_keys WHERE user_id = ?", [.integer(account.id)])
        try GrantStore.delete("subject = 'user' AND subject_id = ?", [.integer(account.id)], in: connection)
        try Credentials.end(of: account.id, now: now, in: connection)
    }
}

extension RobotStore {
    /// Makes a token of a robot, which ends with it at the latest.
    /// - Throws: `.forbidden` for one that does more than the token it was asked with (S4); as
    ///   `IdentityStore.mintToken`.
    package func createToken(
        for robot: Robot, name: String, scope: TokenGrant.Scope, expiresAt: Int64?, resources: [TokenResource]?,
        by principal: Principal
    ) async throws -> (token: Secret, record: TokenRecord) {
        guard scope < .admin else { throw HubError(.forbidden, "The scope admin is for administrators.") }
        let expiresAt = [expiresAt, robot.expiresAt].compactMap(\.self).min()
        try principal.requireCoverage(scope: scope, resources: resources, expiresAt: expiresAt)
        return try await IdentityStore(database: database, clock: clock, identifiers: identifiers).makeToken(
            for: robot.account, name: name, scope: scope, expiresAt: expiresAt, resources: resources, by: principal)
    }
}
