import SQL

/// The roles that organisations, and the hub, made for themselves.
package struct CustomRoleStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Makes a role.
    /// - Parameter place: whose role it will be.
    /// - Throws: `.forbidden` for verbs the maker does not have himself; `.badRequest`, `.conflict`.
    package func create(_ name: String, verbs: Set<Verb>, at place: GrantPlace) async throws -> CustomRole {
        let (owner, organisation) = try Self.owner(of: place)
        guard RepositoryID.isValidName(name), Role(name: name) == nil, Office(name: name) == nil
        else {
            throw HubError(
                .badRequest, "'\(name)' is no name for a role.",
                remedy: "Use letters, digits, '.', '_' and '-', and none of the standard roles' names.")
        }
        let role = CustomRole(
            id: identifiers.next(), name: name, verbs: try Self.checked(verbs, at: place), organisation: organisation)
        let now = clock.now()
        try await database.write { connection in
            let known = try connection.query(
                "SELECT name_key FROM custom_roles WHERE owner_key = ?", [.integer(owner)])
            guard known.count < CustomRole.limit else {
                throw HubError(.conflict, "There are \(CustomRole.limit) roles already.")
            }
            if try known.contains(where: { try $0.text("name_key") == RepositoryID.key(name) }) {
                throw HubError(.conflict, "A role called '\(name)' already exists.")
            }
            try connection.execute(
                """
                INSERT INTO custom_roles (id, owner_key, organisation_id, name, name_key, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(role.id), .integer(owner), Value(organisation), .text(name),
                    .text(RepositoryID.key(name)), .integer(now),
                ])
            try Self.write(role.verbs, of: role.id, in: connection)
            try Self.audit("create", role, by: place.principal, now, connection)
        }
        return role
    }

    /// Gives a role other verbs; every grant of it changes with it.
    /// - Throws: `.forbidden` for verbs the changer does not have himself; `.badRequest`, `.notFound`.
    package func change(_ name: String, to verbs: Set<Verb>, at place: GrantPlace) async throws -> CustomRole {
        let (owner, _) = try Self.owner(of: place)
        let verbs = try Self.checked(verbs, at: place)
        let now = clock.now()
        return try await database.write { connection in
            let old = try Self.find(name, owner: owner, in: connection)
            if verbs.contains(where: { $0.minimumRole > .reader }), try Self.isEverybodys(old, in: connection) {
                throw HubError(.conflict, "The role is given to everybody, who can be readers and no more.")
            }
            let role = CustomRole(id: old.id, name: old.name, verbs: verbs, organisation: old.organisation)
            try connection.execute("DELETE FROM custom_role_verbs WHERE role_id = ?", [.integer(role.id)])
            try Self.write(verbs, of: role.id, in: connection)
            try Self.audit("change", role, by: place.principal, now, connection)
            return role
        }
    }

    /// Removes a role that no grant gives.
    /// - Throws: `.notFound`; `.conflict` while it is given.
    package func remove(_ name: String, at place: GrantPlace) async throws {
        let (owner, _) = try Self.owner(of: place)
        let now = clock.now()
        try await database.write { connection in
            let role = try Self.find(name, owner: owner, in: connection)
            let user = try connection.first("SELECT id FROM grants WHERE custom_role_id = ?", [.integer(role.id)])
            guard user == nil else {
                throw HubError(.conflict, "The role '\(role.name)' is given to somebody.", remedy: "Remove its grants.")
            }
            try connection.execute("DELETE FROM custom_role_verbs WHERE role_id = ?", [.integer(role.id)])
            try connection.execute("DELETE FROM custom_roles WHERE id = ?", [.integer(role.id)])
            try Self.audit("remove", role, by: place.principal, now, connection)
        }
    }

    /// The roles of an organisation, or of the hub, in the order of their names.
    /// - Parameter organisation: nil for the hub's.
    package func list(of organisation: Int64?) async throws -> [CustomRole] {
        try await database.read { connection in
            let rows = try connection.query(
                "SELECT id, name, organisation_id FROM custom_roles WHERE owner_key = ? ORDER BY name_key",
                [.integer(organisation ?? 0)])
            return try rows.map { try Self.role($0, in: connection) }
        }
    }

    /// The role that a name means at a place: a step of the ladder, one of the organisation's, one of the hub's, or an
    /// office. A role that was made before there were offices keeps its name.
    /// - Throws: `.badRequest` when it means none.
    package func role(named name: String, at place: GrantPlace) async throws -> GrantedRole {
        if let role = Role(name: name) { return .standard(role) }
        let found = try await database.read { connection in
            try connection.first(
                """
                SELECT id, name, organisation_id FROM custom_roles
                WHERE name_key = ? AND owner_key IN (0, ?) ORDER BY owner_key DESC
                """, [.text(RepositoryID.key(name)), .integer(place.organisation ?? 0)]
            ).map { try Self.role($0, in: connection) }
        }
        if let found { return .custom(found) }
        if let office = Office(name: name) { return .office(office) }
        let names = Role.allCases.map(\.name) + Office.allCases.map(\.name)
        throw HubError(
            .badRequest, "'\(name)' is no role here.",
            remedy: "Use one of \(names.joined(separator: ", ")), or make a role.")
    }

    /// A role by its id, as grants name it.
    /// - Throws: `.storageCorrupt`: a grant whose role is gone must not be passed over, for it may deny.
    static func role(_ id: Int64, in connection: any Connection) throws -> CustomRole {
        let row = try connection.first(
            "SELECT id, name, organisation_id FROM custom_roles WHERE id = ?", [.integer(id)])
        guard let row else { throw HubError(.storageCorrupt, "The role \(id) cannot be read.") }
        return try role(row, in: connection)
    }

    private static func role(_ row: Row, in connection: any Connection) throws -> CustomRole {
        let id = try row.integer("id")
        let verbs = try connection.query("SELECT verb FROM custom_role_verbs WHERE role_id = ?", [.integer(id)])
            .map { row in
                guard let verb = Verb(rawValue: try row.text("verb")) else {
                    throw HubError(.storageCorrupt, "The role \(id) cannot be read.")
                }
                return verb
            }
        return CustomRole(
            id: id, name: try row.text("name"), verbs: Set(verbs),
            organisation: try row.optionalInteger("organisation_id"))
    }

    private static func owner(of place: GrantPlace) throws -> (key: Int64, organisation: Int64?) {
        switch place.scope {
        case .system: return (0, nil)
        case .organisation(let id): return (id, id)
        case .repository: throw HubError(.internalError, "Repositories have no roles of their own.")
        }
    }

    private static func checked(_ verbs: Set<Verb>, at place: GrantPlace) throws -> Set<Verb> {
        guard !verbs.isEmpty else { throw HubError(.badRequest, "A role has at least one verb.") }
        try place.requireOwn(verbs)
        return verbs
    }

    private static func isEverybodys(_ role: CustomRole, in connection: any Connection) throws -> Bool {
        try connection.first(
            """
            SELECT id FROM grants WHERE custom_role_id = ? AND effect = 'allow'
            AND subject IN ('everyone', 'authenticated')
            """, [.integer(role.id)]) != nil
    }

    private static func find(_ name: String, owner: Int64, in connection: any Connection) throws -> CustomRole {
        let row = try connection.first(
            "SELECT id, name, organisation_id FROM custom_roles WHERE owner_key = ? AND name_key = ?",
            [.integer(owner), .text(RepositoryID.key(name))])
        guard let row else { throw HubError(.notFound, "There is no role called '\(name)' here.") }
        return try role(row, in: connection)
    }

    private static func write(_ verbs: Set<Verb>, of id: Int64, in connection: any Connection) throws {
        for verb in verbs {
            try connection.execute(
                "INSERT INTO custom_role_verbs (role_id, verb) VALUES (?, ?)", [.integer(id), .text(verb.rawValue)])
        }
    }

    private static func audit(
        _ word: String, _ role: CustomRole, by principal: Principal, _ now: Int64, _ connection: any Connection
    ) throws {
        try AuditLog.append(
            AuditEntry(
                by: principal, "role.\(word)", "role:\(role.name)",
                detail: .object([
                    .init(key: "organisation", value: role.organisation.map(JSONValue.integer) ?? .null),
                    .init(key: "verbs", value: .array(role.verbs.map(\.rawValue).sorted().map(JSONValue.string))),
                ])), at: now, in: connection)
    }
}
