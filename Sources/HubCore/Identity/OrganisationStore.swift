import SQL

/// Organisations and who is what in them.
package struct OrganisationStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Organisations or members of a page at most.
    package static let pageLimit = 1_000

    /// Founds an organisation, which takes the namespace of its name, with its first admin.
    ///
    /// Names decide what is asked of upstreams (S22), so founding is for administrators. A local namespace that belongs
    /// to no user becomes the organisation's, with what is in it.
    /// - Throws: `.forbidden`; `.badRequest` for an invalid name; `.conflict` when the name is taken.
    package func create(_ name: String, fullName: String?, owner: User, by principal: Principal) async throws
        -> Organisation
    {
        guard principal.isAdministrator else {
            throw HubError(.forbidden, "Only administrators may found organisations.")
        }
        guard RepositoryID.isValidName(name), !RepositoryID.reservedNamespaces.contains(RepositoryID.key(name)) else {
            throw HubError(
                .badRequest, "'\(name)' is not a valid name of an organisation.",
                remedy:
                    "Use letters, digits, '.', '_' and '-', beginning with a letter or digit; some words are reserved.")
        }
        let fullName = fullName ?? name
        guard (1...255).contains(fullName.utf8.count), !fullName.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { throw HubError(.badRequest, "The full name has 1 to 255 bytes without control characters.") }
        let record = OrganisationRecord(
            id: identifiers.next(), name: name, fullName: fullName, createdAt: clock.now())
        try await database.write { connection in
            let user = try connection.first(
                "SELECT id FROM users WHERE name_key = ?", [.text(RepositoryID.key(name))])
            if user != nil { throw HubError(.conflict, "A user called '\(name)' already exists.") }
            try Self.refuseTaken(name, in: connection)
            try NamespaceRegister.claimLocal(name, now: record.createdAt, in: connection)
            try connection.execute(
                "INSERT INTO organisations (id, name, name_key, full_name, created_at) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(record.id), .text(name), .text(RepositoryID.key(name)), .text(fullName),
                    .integer(record.createdAt),
                ])
            try connection.execute(
                "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES (?, ?, ?, ?)",
                [
                    .integer(record.id), .integer(owner.id), .integer(Role.admin.rawValue),
                    .integer(record.createdAt),
                ])
            try AuditLog.append(
                AuditEntry(
                    by: principal, "organisation.create", "organisation:\(name)",
                    detail: .object([.init(key: "owner", value: .string(owner.name))])), at: record.createdAt,
                in: connection)
        }
        // Administrators, who alone come here, may do everything in it.
        return Organisation(record, principal: principal, verb: .memberAdmin, rights: Set(Verb.allCases))
    }

    /// The same for whoever holds the data directory: the command line, never a request.
    package func createAsOperator(_ name: String, fullName: String? = nil, owner: User) async throws -> Organisation {
        try await create(name, fullName: fullName, owner: owner, by: .operator)
    }

    /// Refuses a name that an organisation has.
    static func refuseTaken(_ name: String, in connection: any Connection) throws {
        let taken = try connection.first(
            "SELECT id FROM organisations WHERE name_key = ?", [.text(RepositoryID.key(name))])
        if taken != nil { throw HubError(.conflict, "An organisation called '\(name)' already exists.") }
    }

    /// Names of all organisations by id.
    package func namesByID() async throws -> [Int64: String] {
        try await database.read { connection in
            var names: [Int64: String] = [:]
            for row in try connection.query("SELECT id, name FROM organisations", []) {
                names[try row.integer("id")] = try row.text("name")
            }
            return names
        }
    }

    func record(named name: String) async throws -> OrganisationRecord? {
        try await database.read { connection in
            try connection.first(
                "SELECT id, name, full_name, created_at FROM organisations WHERE name_key = ?",
                [.text(RepositoryID.key(name))]
            ).map(Self.record)
        }
    }

    /// The organisations in the order of their names, for somebody with an account.
    /// - Parameter after: the name to go on from.
    package func list(for principal: Principal, after name: String? = nil, limit: Int) async throws -> [Organisation] {
        guard !principal.isAnonymous else { return [] }
        let limit = max(1, min(limit, Self.pageLimit))
        return try await database.read { connection in
            try connection.query(
                "SELECT id, name, full_name, created_at FROM organisations WHERE name_key > ? ORDER BY name_key LIMIT ?",
                [.text(name.map(RepositoryID.key) ?? ""), .integer(Int64(limit))]
            ).map { Organisation(try Self.record($0), principal: principal, verb: .discover) }
        }
    }

    /// The organisations whose name begins like this, for somebody with an account.
    package func named(like text: String, limit: Int, seenBy principal: Principal) async throws -> [Organisation] {
        guard !principal.isAnonymous, let pattern = Self.beginning(text) else { return [] }
        return try await database.read { connection in
            try connection.query(
                """
                SELECT id, name, full_name, created_at FROM organisations WHERE name_key LIKE ? ESCAPE '!'
                ORDER BY name_key LIMIT ?
                """, [pattern, .integer(Int64(max(0, min(limit, Self.pageLimit))))]
            ).map { Organisation(try Self.record($0), principal: principal, verb: .discover) }
        }
    }

    /// The accounts whose name begins like this, without those that are disabled, for somebody with an account.
    package func accounts(like text: String, limit: Int, seenBy principal: Principal) async throws -> [User] {
        guard !principal.isAnonymous, let pattern = Self.beginning(text) else { return [] }
        let now = clock.now()
        return try await database.read { connection in
            try connection.query(
                """
                SELECT \(IdentityStore.userColumns) FROM users u
                WHERE u.name_key LIKE ? ESCAPE '!' AND u.account_kind = 'person' AND \(IdentityStore.isLive)
                ORDER BY u.name_key LIMIT ?
                """, [pattern, .integer(now), .integer(Int64(max(0, min(limit, Self.pageLimit))))]
            ).map(IdentityStore.user)
        }
    }

    /// The pattern of names that begin with a text; nil for one that no name begins with.
    private static func beginning(_ text: String) -> Value? {
        let key = RepositoryID.key(text)
        return (1...96).contains(key.utf8.count) ? .text("\(RepositoryStore.escapeLike(key))%") : nil
    }

    /// What a user is where, in the order of names.
    package func memberships(of user: User, seenBy principal: Principal) async throws
        -> [(organisation: Organisation, role: Role)]
    {
        try await database.read { connection in
            try connection.query(
                """
                SELECT o.id, o.name, o.full_name, o.created_at, m.role
                FROM memberships m JOIN organisations o ON o.id = m.organisation_id
                WHERE m.user_id = ? ORDER BY o.name_key LIMIT \(Self.pageLimit)
                """, [.integer(user.id)]
            ).compactMap { row in
                guard let role = Role(rawValue: try row.integer("role")) else { return nil }
                return (Organisation(try Self.record(row), principal: principal, verb: .discover), role)
            }
        }
    }

    /// The members of an organisation in the order of their names.
    /// - Parameter after: the name to go on from.
    package func members(of organisation: Organisation, after name: String? = nil, limit: Int) async throws
        -> [Membership]
    {
        let limit = max(1, min(limit, Self.pageLimit))
        return try await database.read { connection in
            try connection.query(
                """
                SELECT \(IdentityStore.userColumns), m.role, m.created_at AS since
                FROM memberships m JOIN users u ON u.id = m.user_id
                WHERE m.organisation_id = ? AND u.name_key > ? AND u.account_kind = 'person' ORDER BY u.name_key LIMIT ?
                """,
                [.integer(organisation.id), .text(name.map(RepositoryID.key) ?? ""), .integer(Int64(limit))]
            ).compactMap { row in
                guard let role = Role(rawValue: try row.integer("role")) else { return nil }
                return Membership(user: try IdentityStore.user(row), role: role, since: try row.integer("since"))
            }
        }
    }

    /// How many members an organisation has.
    package func size(of organisation: Organisation) async throws -> Int64 {
        try await database.read { connection in
            try connection.first(
                """
                SELECT COUNT(*) AS n FROM memberships m JOIN users u ON u.id = m.user_id
                WHERE m.organisation_id = ? AND u.account_kind = 'person'
                """, [.integer(organisation.id)])?
                .integer("n") ?? 0
        }
    }

    /// The account of a name, if it is not disabled: organisations are made of accounts.
    package func account(named name: String) async throws -> User? {
        try await IdentityStore(database: database, clock: clock, identifiers: identifiers).user(named: name)
    }

    /// Makes a user a member, or changes what he is.
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.notFound` for nobody's name; `.conflict` when no admin would be left; `.forbidden` for giving or taking
    ///   more than the caller may do himself.
    package func setRole(_ role: Role, of name: String, in organisation: Organisation) async throws {
        try organisation.require(.memberAdmin)
        try organisation.rights.requireAll(role.given)
        let now = clock.now()
        try await database.write { connection in
            let user = try Self.person(name, in: connection)
            let old = try Self.role(of: user, in: organisation, connection)
            try organisation.rights.requireAll(old?.given ?? [])
            try Self.put(role, for: user, in: organisation, now: now, connection)
            try organisation.audit(
                "organisation.member", ["user": user.name, "role": role.name], at: now, in: connection)
        }
    }

    /// Ends a membership; what he made stays.
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.notFound` when he is no member; `.conflict` when no admin would be left; `.forbidden` when he may do
    ///   more than the caller.
    package func remove(_ name: String, from organisation: Organisation) async throws {
        try organisation.require(.memberAdmin)
        let now = clock.now()
        try await database.write { connection in
            let (user, role) = try Self.member(name, of: organisation, in: connection)
            try organisation.rights.requireAll(role.given)
            try Self.end(user, in: organisation, now: now, connection)
        }
    }

    /// Ends the caller's own membership.
    /// - Throws: `.notFound` when he is no member; `.conflict` when no admin would be left.
    package func leave(_ organisation: Organisation) async throws {
        let user = try organisation.principal.person()
        let now = clock.now()
        try await database.write { connection in
            _ = try Self.member(user.name, of: organisation, in: connection)
            try Self.end(user, in: organisation, now: now, connection)
        }
    }

    /// Hands the caller's place as an admin to somebody else, in one step, so that there is always one.
    /// - Parameters:
    ///   - role: what the caller is afterwards; nil for no member.
    ///   - organisation: opened for `.memberAdmin`.
    /// - Throws: `.forbidden` when the caller is no admin; `.notFound` for nobody's name.
    package func transfer(_ organisation: Organisation, to name: String, becoming role: Role?) async throws {
        try organisation.require(.memberAdmin)
        let caller = try organisation.principal.person()
        let now = clock.now()
        try await database.write { connection in
            guard try Self.role(of: caller, in: organisation, connection) == .admin else {
                throw HubError(.forbidden, "Only an admin of '\(organisation.name)' can hand that over.")
            }
            let successor = try Self.person(name, in: connection)
            guard successor.id != caller.id else { throw HubError(.badRequest, "Name somebody else.") }
            try Self.put(.admin, for: successor, in: organisation, now: now, connection)
            try organisation.audit(
                "organisation.transfer", ["to": successor.name, "role": role?.name], at: now, in: connection)
            guard let role else { return try Self.end(caller, in: organisation, now: now, connection) }
            try Self.put(role, for: caller, in: organisation, now: now, connection)
        }
    }

    private static func person(_ name: String, in connection: any Connection) throws -> User {
        let row = try connection.first(
            """
            SELECT \(IdentityStore.userColumns) FROM users u
            WHERE u.name_key = ? AND u.is_disabled = 0 AND u.account_kind = 'person'
            """, [.text(RepositoryID.key(name))])
        guard let row else { throw HubError(.notFound, "There is no user called '\(name)'.") }
        return try IdentityStore.user(row)
    }

    private static func member(_ name: String, of organisation: Organisation, in connection: any Connection) throws
        -> (user: User, role: Role)
    {
        let row = try connection.first(
            """
            SELECT \(IdentityStore.userColumns), m.role FROM users u JOIN memberships m ON m.user_id = u.id
            WHERE u.name_key = ? AND m.organisation_id = ? AND u.account_kind = 'person'
            """, [.text(RepositoryID.key(name)), .integer(organisation.id)])
        guard let row, let role = Role(rawValue: try row.integer("role")) else {
            throw HubError(.notFound, "'\(name)' is no member of '\(organisation.name)'.")
        }
        return (try IdentityStore.user(row), role)
    }

    private static func role(of user: User, in organisation: Organisation, _ connection: any Connection) throws -> Role?
    {
        try connection.first(
            "SELECT role FROM memberships WHERE organisation_id = ? AND user_id = ?",
            [.integer(organisation.id), .integer(user.id)]
        ).flatMap { Role(rawValue: try $0.integer("role")) }
    }

    private static func put(
        _ role: Role, for user: User, in organisation: Organisation, now: Int64, _ connection: any Connection
    ) throws {
        if role < .admin { try refuseLast(user.id, of: organisation, in: connection) }
        let changed = try connection.execute(
            "UPDATE memberships SET role = ? WHERE organisation_id = ? AND user_id = ?",
            [.integer(role.rawValue), .integer(organisation.id), .integer(user.id)])
        guard changed == 0 else { return }
        try connection.execute(
            "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES (?, ?, ?, ?)",
            [.integer(organisation.id), .integer(user.id), .integer(role.rawValue), .integer(now)])
    }

    private static func end(_ user: User, in organisation: Organisation, now: Int64, _ connection: any Connection)
        throws
    {
        try refuseLast(user.id, of: organisation, in: connection)
        try TeamStore.forget(user.id, in: organisation.id, connection)
        try connection.execute(
            "DELETE FROM memberships WHERE organisation_id = ? AND user_id = ?",
            [.integer(organisation.id), .integer(user.id)])
        try organisation.audit("organisation.member", ["user": user.name, "role": nil], at: now, in: connection)
    }

    /// An organisation whose last admin is gone can be changed by nobody in it.
    private static func refuseLast(_ user: Int64, of organisation: Organisation, in connection: any Connection) throws {
        let admins = try connection.query(
            """
            SELECT m.user_id FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.organisation_id = ? AND m.role = ? AND u.is_disabled = 0 LIMIT 2
            """, [.integer(organisation.id), .integer(Role.admin.rawValue)])
        if admins.count == 1, try admins[0].integer("user_id") == user {
            throw HubError(
                .conflict, "This is the last admin of '\(organisation.name)'.", remedy: "Make somebody else one first.")
        }
    }

    static func record(_ row: Row) throws -> OrganisationRecord {
        OrganisationRecord(
            id: try row.integer("id"), name: try row.text("name"), fullName: try row.text("full_name"),
            createdAt: try row.integer("created_at"))
    }
}

extension RepositoryStore {
    /// The organisations that own namespaces of these repositories.
    package var organisations: OrganisationStore {
        OrganisationStore(database: database, clock: clock, identifiers: identifiers)
    }

    /// The record of changes to these repositories, and to all else.
    package var audit: AuditLog { AuditLog(database: database) }

    /// The requests at the gates of these repositories.
    package var accessRequests: AccessRequestStore {
        AccessRequestStore(database: database, clock: clock, identifiers: identifiers)
    }

    /// The teams of organisations.
    package var teams: TeamStore { TeamStore(database: database, clock: clock, identifiers: identifiers) }

    /// The robots of organisations.
    package var robots: RobotStore { RobotStore(database: database, clock: clock, identifiers: identifiers) }

    /// The roles that were made beside the ladder.
    package var roles: CustomRoleStore {
        CustomRoleStore(database: database, clock: clock, identifiers: identifiers)
    }

    /// The keys that open one repository each.
    package var deployKeys: DeployKeyStore {
        DeployKeyStore(database: database, clock: clock, identifiers: identifiers)
    }

    /// The rights that were given on these repositories apart from memberships.
    package var grants: GrantStore {
        GrantStore(database: database, clock: clock, identifiers: identifiers)
    }
}
