import SQL

/// What an organisation says of itself beside its names, and what it asks of its repositories; empty texts for nothing.
package struct OrganisationProfile: Sendable, Hashable {
    package var description = ""
    package var homepage = ""
    package var logo = ""
    /// `company`, `school` or whatever it calls itself.
    package var type = ""
    /// Whether its new repositories are private where their maker does not say.
    package var isPrivateByDefault = false

    package init() {}
}

extension OrganisationStore {
    /// Organisations in the order of their names, with the number of all matches, for somebody with an account.
    /// - Parameter search: a part of either name; empty for all.
    package func find(search: String, for principal: Principal, offset: Int, limit: Int) async throws
        -> (organisations: [Organisation], total: Int64)
    {
        guard !principal.isAnonymous else { return ([], 0) }
        let pattern = Value.text("%\(RepositoryStore.escapeLike(RepositoryID.key(search)))%")
        let limit = max(1, min(limit, Self.pageLimit))
        return try await database.read { connection in
            let condition = "(name_key LIKE ? ESCAPE '!' OR LOWER(full_name) LIKE ? ESCAPE '!')"
            let total = try connection.first(
                "SELECT COUNT(*) AS n FROM organisations WHERE \(condition)", [pattern, pattern])
            let found = try connection.query(
                """
                SELECT id, name, full_name, created_at FROM organisations WHERE \(condition)
                ORDER BY name_key LIMIT ? OFFSET ?
                """, [pattern, pattern, .integer(Int64(limit)), .integer(Int64(max(0, offset)))]
            ).map { Organisation(try Self.record($0), principal: principal, verb: .discover) }
            return (found, try total?.integer("n") ?? 0)
        }
    }

    /// What is said of these organisations, by their ids; none for one that says nothing.
    package func profiles(of organisations: [Organisation]) async throws -> [Int64: OrganisationProfile] {
        guard !organisations.isEmpty else { return [:] }
        let marks = organisations.map { _ in "?" }.joined(separator: ", ")
        return try await database.read { connection in
            let rows = try connection.query(
                "SELECT * FROM organisation_profiles WHERE organisation_id IN (\(marks))",
                organisations.map { .integer($0.id) })
            return Dictionary(
                try rows.map { (try $0.integer("organisation_id"), try Self.profile($0)) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// Who sees a new repository of a namespace where its maker does not say.
    package func defaultVisibility(in namespace: String) async throws -> Repository.Visibility {
        let row = try await database.read { connection in
            try connection.first(
                """
                SELECT p.is_private_by_default FROM organisation_profiles p
                JOIN organisations o ON o.id = p.organisation_id WHERE o.name_key = ?
                """, [.text(RepositoryID.key(namespace))])
        }
        return try row?.boolean("is_private_by_default") == true ? .private : .public
    }

    /// Which of these namespaces are organisations', by their folded names.
    package func owned(among namespaces: Set<String>) async throws -> Set<String> {
        guard !namespaces.isEmpty else { return [] }
        let marks = namespaces.map { _ in "?" }.joined(separator: ", ")
        return try await database.read { connection in
            Set(
                try connection.query(
                    "SELECT name_key FROM organisations WHERE name_key IN (\(marks))",
                    namespaces.map { .text(RepositoryID.key($0)) }
                ).map { try $0.text("name_key") })
        }
    }

    /// What a user is in an organisation; nil when he is no member.
    package func role(of user: User, in organisation: Organisation) async throws -> Role? {
        try await database.read { connection in
            try connection.first(
                "SELECT role FROM memberships WHERE organisation_id = ? AND user_id = ?",
                [.integer(organisation.id), .integer(user.id)]
            ).flatMap { Role(rawValue: try $0.integer("role")) }
        }
    }

    /// A page of members in the order of their names.
    package func members(of organisation: Organisation, offset: Int, limit: Int) async throws -> [Membership] {
        let limit = max(1, min(limit, Self.pageLimit))
        return try await database.read { connection in
            try connection.query(
                """
                SELECT \(IdentityStore.userColumns), m.role, m.created_at AS since
                FROM memberships m JOIN users u ON u.id = m.user_id
                WHERE m.organisation_id = ? AND u.account_kind = 'person' ORDER BY u.name_key LIMIT ? OFFSET ?
                """, [.integer(organisation.id), .integer(Int64(limit)), .integer(Int64(max(0, offset)))]
            ).compactMap { row in
                guard let role = Role(rawValue: try row.integer("role")) else { return nil }
                return Membership(user: try IdentityStore.user(row), role: role, since: try row.integer("since"))
            }
        }
    }

    /// Changes what an organisation is called and says of itself; its name, which is in every path, stays.
    /// - Parameters:
    ///   - organisation: opened for `.memberAdmin`.
    ///   - fullName: nil for what it is.
    /// - Throws: `.badRequest` for texts that are too long.
    package func change(
        _ organisation: Organisation, fullName: String?,
        _ change: @escaping @Sendable (inout OrganisationProfile) -> Void
    ) async throws -> Organisation {
        try Self.requireKeeper(organisation)
        let name = fullName ?? organisation.fullName
        guard !name.isEmpty else { throw HubError(.badRequest, "The full name has 1 to 255 bytes.") }
        try ProfileText.check(name, "name", limit: 255)
        let now = clock.now()
        return try await database.write { connection in
            let row = try connection.first(
                "SELECT * FROM organisation_profiles WHERE organisation_id = ?", [.integer(organisation.id)])
            var profile = try row.map(Self.profile) ?? OrganisationProfile()
            change(&profile)
            try ProfileText.check(profile.description, "description", limit: 2_048)
            try ProfileText.checkLink(profile.homepage, "homepage")
            try ProfileText.checkLink(profile.logo, "logo")
            try ProfileText.check(profile.type, "org_type", limit: 64)
            try connection.execute(
                "UPDATE organisations SET full_name = ? WHERE id = ?", [.text(name), .integer(organisation.id)])
            try connection.upsert(
                into: "organisation_profiles", key: [("organisation_id", .integer(organisation.id))],
                values: [
                    ("description", .text(profile.description)), ("homepage", .text(profile.homepage)),
                    ("logo", .text(profile.logo)), ("type", .text(profile.type)),
                    ("is_private_by_default", Value(profile.isPrivateByDefault)),
                ])
            try AuditLog.append(
                AuditEntry(by: organisation.principal, "organisation.update", "organisation:\(organisation.name)"),
                at: now, in: connection)
            let record = OrganisationRecord(
                id: organisation.id, name: organisation.name, fullName: name, createdAt: organisation.createdAt)
            return Organisation(record, principal: organisation.principal, verb: organisation.verb)
        }
    }

    /// The tables with rows of an organisation, which go with it.
    static let tablesOfOrganisations = ["organisation_profiles", "memberships"]

    /// Dissolves an organisation that owns nothing any more. Its namespace stays local, so that no upstream's content
    /// ever appears under its name (S22).
    /// - Parameter organisation: opened for `.memberAdmin`.
    /// - Throws: `.conflict` while it has repositories, collections, teams, robots or roles of its own.
    package func delete(_ organisation: Organisation) async throws {
        try Self.requireKeeper(organisation)
        let now = clock.now()
        try await database.write { connection in
            let key = Value.text(RepositoryID.key(organisation.name))
            let id = Value.integer(organisation.id)
            for (table, column, value) in [
                ("repositories", "namespace_key", key), ("collections", "namespace_key", key),
                ("teams", "organisation_id", id), ("robots", "organisation_id", id),
                ("custom_roles", "organisation_id", id),
            ] {
                let row = try connection.first("SELECT 1 AS one FROM \(table) WHERE \(column) = ?", [value])
                guard row == nil else {
                    let things = table.replacing("custom_", with: "")
                    throw HubError(
                        .conflict, "'\(organisation.name)' has \(things).", remedy: "Remove or move them first.")
                }
            }
            try GrantStore.delete("subject = 'members' AND subject_id = ?", [id], in: connection)
            try GrantStore.delete("organisation_id = ?", [id], in: connection)
            for table in Self.tablesOfOrganisations {
                try connection.execute(
                    "DELETE FROM \(table) WHERE organisation_id = ?", [.integer(organisation.id)])
            }
            try connection.execute("DELETE FROM organisations WHERE id = ?", [.integer(organisation.id)])
            try AuditLog.append(
                AuditEntry(by: organisation.principal, "organisation.delete", "organisation:\(organisation.name)"),
                at: now, in: connection)
        }
    }

    private static func requireKeeper(_ organisation: Organisation) throws {
        guard organisation.verb == .memberAdmin else {
            throw HubError(.internalError, "\(organisation.name) was opened to \(organisation.verb.rawValue).")
        }
    }

    private static func profile(_ row: Row) throws -> OrganisationProfile {
        var profile = OrganisationProfile()
        profile.description = try row.text("description")
        profile.homepage = try row.text("homepage")
        profile.logo = try row.text("logo")
        profile.type = try row.text("type")
        profile.isPrivateByDefault = try row.boolean("is_private_by_default")
        return profile
    }
}
