import SQL

/// Some members of an organisation under one name, to give rights to together.
package struct Team: Sendable, Hashable {
    package let id: Int64
    package let name: String
    /// Milliseconds since 1970.
    package let createdAt: Int64

    /// The most an organisation may have.
    package static let limit = 500
}

/// The teams of organisations. Every method takes the organisation as it was opened and looks at no team of another (S2).
package struct TeamStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Makes a team of nobody.
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.badRequest`, `.conflict`.
    package func create(_ name: String, in organisation: Organisation) async throws -> Team {
        try organisation.require(.memberAdmin)
        guard RepositoryID.isValidName(name) else {
            throw HubError(
                .badRequest, "'\(name)' is no name for a team.", remedy: "Use letters, digits, '.', '_' and '-'.")
        }
        let team = Team(id: identifiers.next(), name: name, createdAt: clock.now())
        try await database.write { connection in
            let known = try connection.query(
                "SELECT name_key FROM teams WHERE organisation_id = ?", [.integer(organisation.id)])
            guard known.count < Team.limit else {
                throw HubError(.conflict, "'\(organisation.name)' has \(Team.limit) teams.")
            }
            if try known.contains(where: { try $0.text("name_key") == RepositoryID.key(name) }) {
                throw HubError(.conflict, "'\(organisation.name)' has a team called '\(name)' already.")
            }
            try connection.execute(
                "INSERT INTO teams (id, organisation_id, name, name_key, created_at) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(team.id), .integer(organisation.id), .text(name), .text(RepositoryID.key(name)),
                    .integer(team.createdAt),
                ])
            try organisation.audit("team.create", ["team": name], at: team.createdAt, in: connection)
        }
        return team
    }

    /// The teams of an organisation in the order of their names.
    package func list(of organisation: Organisation) async throws -> [Team] {
        try await database.read { connection in
            try connection.query(
                "SELECT id, name, created_at FROM teams WHERE organisation_id = ? ORDER BY name_key",
                [.integer(organisation.id)]
            ).map(Self.team)
        }
    }

    /// A team by its name.
    /// - Throws: `.notFound`.
    package func team(named name: String, of organisation: Organisation) async throws -> Team {
        try await database.read { try Self.find(name, of: organisation, in: $0) }
    }

    /// Removes a team, and every right that was given to it.
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.notFound`.
    package func remove(_ name: String, from organisation: Organisation) async throws {
        try organisation.require(.memberAdmin)
        let now = clock.now()
        try await database.write { connection in
            let team = try Self.find(name, of: organisation, in: connection)
            // A refusal must not end with the team it was spoken to.
            let denial = try connection.first(
                "SELECT id FROM grants WHERE subject = 'team' AND subject_id = ? AND effect = 'deny'",
                [.integer(team.id)])
            guard denial == nil else {
                throw HubError(
                    .conflict, "Something is denied to the team '\(team.name)'.", remedy: "Remove that grant first.")
            }
            try GrantStore.delete("subject = 'team' AND subject_id = ?", [.integer(team.id)], in: connection)
            try connection.execute("DELETE FROM team_members WHERE team_id = ?", [.integer(team.id)])
            try connection.execute("DELETE FROM teams WHERE id = ?", [.integer(team.id)])
            try organisation.audit("team.remove", ["team": team.name], at: now, in: connection)
        }
    }

    /// Who is in a team, in the order of names.
    package func members(of name: String, in organisation: Organisation) async throws -> [User] {
        try await database.read { connection in
            let team = try Self.find(name, of: organisation, in: connection)
            return try connection.query(
                """
                SELECT \(IdentityStore.userColumns) FROM team_members tm JOIN users u ON u.id = tm.user_id
                WHERE tm.team_id = ? ORDER BY u.name_key
                """, [.integer(team.id)]
            ).map(IdentityStore.user)
        }
    }

    /// Takes a member of the organisation into a team.
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.notFound` for who is no member; `.forbidden` when the team has rights the caller has not.
    package func add(_ user: String, to name: String, of organisation: Organisation) async throws {
        try organisation.require(.memberAdmin)
        let now = clock.now()
        try await database.write { connection in
            let team = try Self.find(name, of: organisation, in: connection)
            // Being taken in gives what the team was given.
            let given = try GrantStore.grants(
                where: "g.subject = 'team' AND g.subject_id = ? AND g.effect = 'allow'", [.integer(team.id)],
                in: connection)
            for grant in given {
                try organisation.rights.requireAll(grant.role.given.counting(at: grant.scope))
            }
            let member = try Self.member(user, of: organisation, in: connection)
            try connection.upsert(
                into: "team_members", key: [("team_id", .integer(team.id)), ("user_id", .integer(member.id))],
                values: [("created_at", .integer(now))])
            try organisation.audit("team.add", ["team": team.name, "user": member.name], at: now, in: connection)
        }
    }

    /// Takes somebody out of a team.
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.notFound`.
    package func remove(_ user: String, from name: String, of organisation: Organisation) async throws {
        try organisation.require(.memberAdmin)
        let now = clock.now()
        try await database.write { connection in
            let team = try Self.find(name, of: organisation, in: connection)
            let member = try Self.member(user, of: organisation, in: connection)
            let changed = try connection.execute(
                "DELETE FROM team_members WHERE team_id = ? AND user_id = ?",
                [.integer(team.id), .integer(member.id)])
            guard changed == 1 else { throw HubError(.notFound, "'\(user)' is not in the team '\(team.name)'.") }
            try organisation.audit("team.leave", ["team": team.name, "user": member.name], at: now, in: connection)
        }
    }

    /// Takes somebody out of every team of an organisation, within the transaction that ends his membership.
    static func forget(_ user: Int64, in organisation: Int64, _ connection: any Connection) throws {
        try connection.execute(
            """
            DELETE FROM team_members WHERE user_id = ?
            AND team_id IN (SELECT id FROM teams WHERE organisation_id = ?)
            """, [.integer(user), .integer(organisation)])
    }

    private static func find(_ name: String, of organisation: Organisation, in connection: any Connection) throws
        -> Team
    {
        let row = try connection.first(
            "SELECT id, name, created_at FROM teams WHERE organisation_id = ? AND name_key = ?",
            [.integer(organisation.id), .text(RepositoryID.key(name))])
        guard let row else { throw HubError(.notFound, "'\(organisation.name)' has no team called '\(name)'.") }
        return try team(row)
    }

    private static func member(_ name: String, of organisation: Organisation, in connection: any Connection) throws
        -> User
    {
        let row = try connection.first(
            """
            SELECT \(IdentityStore.userColumns) FROM users u JOIN memberships m ON m.user_id = u.id
            WHERE u.name_key = ? AND m.organisation_id = ?
            """, [.text(RepositoryID.key(name)), .integer(organisation.id)])
        guard let row else { throw HubError(.notFound, "'\(name)' is no member of '\(organisation.name)'.") }
        return try IdentityStore.user(row)
    }

    private static func team(_ row: Row) throws -> Team {
        Team(id: try row.integer("id"), name: try row.text("name"), createdAt: try row.integer("created_at"))
    }
}
