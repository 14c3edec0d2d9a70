import SQL

/// The rights that were given or taken apart from memberships.
package struct GrantStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Grants returned at once at most.
    package static let pageLimit = 1_000

    /// Gives or takes a right.
    /// - Parameters:
    ///   - sources: from where one must ask for it to count; empty for from anywhere.
    ///   - part: the content that it is about; nil for everything.
    /// - Throws: `.forbidden` for giving what the giver may not do himself; `.badRequest` for more than reading to
    ///   everybody, and for a role that is not about content alone where a part is named.
    package func add(
        _ subject: AccessGrant.Subject, role: GrantedRole, effect: AccessGrant.Effect, expiresAt: Int64?,
        sources: [AddressBlock] = [], part: ContentPart? = nil, at place: GrantPlace
    ) async throws -> AccessGrant {
        try part?.requireMeaning(of: role, effect)
        if effect == .allow {
            let isMore = role.given.contains { $0.minimumRole > .reader }
            if isMore, subject == .everyone || subject == .authenticated {
                throw HubError(.badRequest, "Everybody can be a reader, and no more.", remedy: "Name users or members.")
            }
            try place.requireOwn(role.given.counting(at: place.scope))
        }
        guard sources.count <= AddressBlock.maximumCount else {
            throw HubError(.badRequest, "A grant lists at most \(AddressBlock.maximumCount) blocks of addresses.")
        }
        let grant = AccessGrant(
            id: identifiers.next(), subject: subject, scope: place.scope, role: role, effect: effect,
            expiresAt: expiresAt, sources: sources, part: part)
        let now = clock.now()
        try await database.write { connection in
            // A role may have changed or gone since it was looked up.
            if case .custom(let custom) = role, try CustomRoleStore.role(custom.id, in: connection) != custom {
                throw HubError(.conflict, "The role '\(custom.name)' is being changed.")
            }
            try Self.insert(grant, by: place.principal, now: now, in: connection)
            try AuditLog.append(
                AuditEntry(by: place.principal, "grant.add", "grant:\(grant.id)", detail: Self.detail(of: grant)),
                at: now, in: connection)
        }
        return grant
    }

    /// Writes a grant's rows, within the transaction of what it is part of.
    static func insert(_ grant: AccessGrant, by principal: Principal, now: Int64, in connection: any Connection)
        throws
    {
        var named: (word: String, id: Int64?, role: Role?) = ("everyone", nil, nil)
        switch grant.subject {
        case .everyone: break
        case .authenticated: named = ("authenticated", nil, nil)
        case .user(let id): named = ("user", id, nil)
        case .members(let organisation, let role): named = ("members", organisation, role)
        case .team(let id): named = ("team", id, nil)
        }
        var organisation: Int64?
        var repository: Int64?
        switch grant.scope {
        case .system: break
        case .organisation(let id): organisation = id
        case .repository(let key): repository = key
        }
        // A custom role stands beside the ladder: no step of it is meant.
        var step: Int64 = 0
        var custom: Int64?
        switch grant.role {
        case .standard(let role): step = role.rawValue
        case .office(let office): step = office.rawValue
        case .custom(let role): custom = role.id
        }
        try connection.execute(
            """
            INSERT INTO grants (id, subject, subject_id, subject_role, organisation_id, repository_id, role,
                custom_role_id, effect, expires_at, created_by, created_at, path_pattern, ref_pattern)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(grant.id), .text(named.word), Value(named.id), Value(named.role?.rawValue),
                Value(organisation), Value(repository), .integer(step), Value(custom), .text(grant.effect.rawValue),
                Value(grant.expiresAt), .text(principal.label), .integer(now), Value(grant.part?.paths?.text),
                Value(grant.part?.refs?.text),
            ])
        for block in grant.sources {
            try connection.upsert(
                into: "grant_sources",
                key: [
                    ("grant_id", .integer(grant.id)), ("low", .text(block.low.hex)), ("high", .text(block.high.hex)),
                ], values: [("block", .text(block.description))])
        }
    }

    /// The grants at exactly one scope, oldest first.
    package func list(at place: GrantPlace) async throws -> [AccessGrant] {
        let (condition, arguments) = Self.condition(place.scope)
        return try await database.read { connection in
            Array(try Self.grants(where: condition, arguments, in: connection).prefix(Self.pageLimit))
        }
    }

    /// Removes a grant of a scope: one of another scope is as if it were not there (S2).
    /// - Throws: `.notFound`.
    package func remove(_ id: Int64, at place: GrantPlace) async throws {
        let now = clock.now()
        let (condition, arguments) = Self.condition(place.scope)
        try await database.write { connection in
            let found = try Self.grants(
                where: "\(condition) AND g.id = ?", arguments + [.integer(id)], in: connection)
            guard let grant = found.first else {
                throw HubError(.notFound, "There is no such grant here.")
            }
            // Who takes a refusal away gives what it kept back.
            if grant.effect == .deny {
                try place.requireOwn(Set(Verb.allCases.filter(grant.role.denies)).counting(at: place.scope))
            }
            try Self.delete("id = ?", [.integer(id)], in: connection)
            try AuditLog.append(
                AuditEntry(by: place.principal, "grant.remove", "grant:\(id)", detail: Self.detail(of: grant)), at: now,
                in: connection)
        }
    }

    /// Removes grants with all that belongs to them.
    /// - Parameter condition: on the columns of `grants`.
    static func delete(_ condition: String, _ arguments: [Value], in connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM grant_sources WHERE grant_id IN (SELECT id FROM grants WHERE \(condition))", arguments)
        try connection.execute("DELETE FROM grants WHERE \(condition)", arguments)
    }

    private static func condition(_ scope: AccessGrant.Scope) -> (String, [Value]) {
        switch scope {
        case .system: ("g.organisation_id IS NULL AND g.repository_id IS NULL", [])
        case .organisation(let id): ("g.organisation_id = ? AND g.repository_id IS NULL", [.integer(id)])
        case .repository(let key): ("g.repository_id = ?", [.integer(key)])
        }
    }

    private static func detail(of grant: AccessGrant) -> JSONValue {
        .object([
            .init(key: "subject", value: .string("\(grant.subject)")),
            .init(key: "scope", value: .string("\(grant.scope)")),
            .init(key: "role", value: .string(grant.role.name)),
            .init(key: "effect", value: .string(grant.effect.rawValue)),
            .init(key: "expiresAt", value: grant.expiresAt.map(JSONValue.integer) ?? .null),
            .init(key: "sources", value: .array(grant.sources.map { .string($0.description) })),
            .init(key: "path", value: grant.part?.paths.map { .string($0.text) } ?? .null),
            .init(key: "ref", value: grant.part?.refs.map { .string($0.text) } ?? .null),
        ])
    }

    /// Grants with all that belongs to them, in one statement whatever there is (S3), oldest first.
    /// - Parameter condition: on the columns of `grants g`.
    /// - Throws: `.storageCorrupt`: a row that cannot be read must not be passed over, for it may deny.
    static func grants(where condition: String, _ arguments: [Value], in connection: any Connection) throws
        -> [AccessGrant]
    {
        let rows = try connection.query(
            """
            SELECT g.*, gs.block AS source_block, cr.id AS role_id, cr.name AS role_name,
                cr.organisation_id AS role_organisation, cv.verb AS role_verb
            FROM grants g LEFT JOIN grant_sources gs ON gs.grant_id = g.id
            LEFT JOIN custom_roles cr ON cr.id = g.custom_role_id LEFT JOIN custom_role_verbs cv ON cv.role_id = cr.id
            WHERE \(condition) ORDER BY g.id, gs.low, gs.high
            """, arguments)
        var grants: [AccessGrant] = []
        var start = rows.startIndex
        while start < rows.endIndex {
            let id = try rows[start].integer("id")
            let end = try rows[start...].firstIndex { try $0.integer("id") != id } ?? rows.endIndex
            grants.append(try grant(rows[start..<end], id: id))
            start = end
        }
        return grants
    }

    /// One grant from its rows: each of its sources with each verb of its role.
    private static func grant(_ rows: ArraySlice<Row>, id: Int64) throws -> AccessGrant {
        guard let row = rows.first else { throw unreadable(id) }
        var scope = AccessGrant.Scope.system
        if let key = try row.optionalInteger("repository_id") {
            scope = .repository(key)
        } else if let id = try row.optionalInteger("organisation_id") {
            scope = .organisation(id)
        }
        guard let effect = AccessGrant.Effect(rawValue: try row.text("effect")) else { throw unreadable(id) }
        var sources: [AddressBlock] = []
        for row in rows {
            guard let text = try row.optionalText("source_block") else { continue }
            guard let block = AddressBlock(parsing: text) else { throw unreadable(id) }
            if sources.last != block { sources.append(block) }
        }
        return AccessGrant(
            id: id, subject: try subject(row, id), scope: scope, role: try role(rows, row, id), effect: effect,
            expiresAt: try row.optionalInteger("expires_at"), sources: sources, part: try part(row, of: id))
    }

    private static func part(_ row: Row, of id: Int64) throws -> ContentPart? {
        let (paths, refs) = (try row.optionalText("path_pattern"), try row.optionalText("ref_pattern"))
        guard paths != nil || refs != nil else { return nil }
        do {
            return try ContentPart(paths: paths, refs: refs)
        } catch is HubError {
            throw unreadable(id)
        }
    }

    private static func subject(_ row: Row, _ id: Int64) throws -> AccessGrant.Subject {
        let subject = try row.optionalInteger("subject_id") ?? 0
        switch try row.text("subject") {
        case "authenticated": return .authenticated
        case "user": return .user(subject)
        case "team": return .team(subject)
        case "everyone": return .everyone
        case "members":
            return .members(
                organisation: subject,
                from: try row.optionalInteger("subject_role").flatMap(Role.init(rawValue:)) ?? .admin)
        default: throw unreadable(id)
        }
    }

    private static func role(_ rows: ArraySlice<Row>, _ row: Row, _ id: Int64) throws -> GrantedRole {
        if try row.optionalInteger("custom_role_id") != nil {
            guard let role = try row.optionalInteger("role_id") else { throw unreadable(id) }
            let verbs = try rows.compactMap { row -> Verb? in
                guard let text = try row.optionalText("role_verb") else { return nil }
                guard let verb = Verb(rawValue: text) else { throw unreadable(id) }
                return verb
            }
            return .custom(
                CustomRole(
                    id: role, name: try row.text("role_name"), verbs: Set(verbs),
                    organisation: try row.optionalInteger("role_organisation")))
        }
        let number = try row.integer("role")
        if let role = Role(rawValue: number) { return .standard(role) }
        guard let office = Office(rawValue: number) else { throw unreadable(id) }
        return .office(office)
    }

    private static func unreadable(_ id: Int64) -> HubError {
        HubError(.storageCorrupt, "The grant \(id) cannot be read.")
    }
}
