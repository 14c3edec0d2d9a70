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
            try place.requireOwn(role.given)
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
            try connection.query(
                "SELECT g.* FROM grants g WHERE \(condition) ORDER BY g.id LIMIT \(Self.pageLimit)", arguments
            ).map { try Self.grant($0, in: connection) }
        }
    }

    /// Removes a grant of a scope: one of another scope is as if it were not there (S2).
    /// - Throws: `.notFound`.
    package func remove(_ id: Int64, at place: GrantPlace) async throws {
        let now = clock.now()
        let (condition, arguments) = Self.condition(place.scope)
        try await database.write { connection in
            let row = try connection.first(
                "SELECT g.* FROM grants g WHERE \(condition) AND g.id = ?", arguments + [.integer(id)])
            guard let grant = try row.map({ try Self.grant($0, in: connection) }) else {
                throw HubError(.notFound, "There is no such grant here.")
            }
            // Who takes a refusal away gives what it kept back.
            if grant.effect == .deny { try place.requireOwn(Set(Verb.allCases.filter(grant.role.denies))) }
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

    /// A grant from its row.
    /// - Throws: `.storageCorrupt`: a row that cannot be read must not be passed over, for it may deny.
    static func grant(_ row: Row, in connection: any Connection) throws -> AccessGrant {
        let id = try row.integer("id")
        var scope = AccessGrant.Scope.system
        if let key = try row.optionalInteger("repository_id") {
            scope = .repository(key)
        } else if let id = try row.optionalInteger("organisation_id") {
            scope = .organisation(id)
        }
        let subjectID = try row.optionalInteger("subject_id") ?? 0
        let subject: AccessGrant.Subject =
            switch try row.text("subject") {
            case "authenticated": .authenticated
            case "user": .user(subjectID)
            case "team": .team(subjectID)
            case "everyone": .everyone
            case "members":
                .members(
                    organisation: subjectID,
                    from: try row.optionalInteger("subject_role").flatMap(Role.init(rawValue:)) ?? .admin)
            default: throw unreadable(id)
            }
        guard let effect = AccessGrant.Effect(rawValue: try row.text("effect")) else { throw unreadable(id) }
        return AccessGrant(
            id: id, subject: subject, scope: scope, role: try role(row, in: connection), effect: effect,
            expiresAt: try row.optionalInteger("expires_at"), sources: try sources(of: id, in: connection),
            part: try part(row, of: id))
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

    private static func role(_ row: Row, in connection: any Connection) throws -> GrantedRole {
        if let id = try row.optionalInteger("custom_role_id") {
            return .custom(try CustomRoleStore.role(id, in: connection))
        }
        guard let role = Role(rawValue: try row.integer("role")) else { throw unreadable(try row.integer("id")) }
        return .standard(role)
    }

    private static func sources(of id: Int64, in connection: any Connection) throws -> [AddressBlock] {
        try connection.query(
            "SELECT block FROM grant_sources WHERE grant_id = ? ORDER BY low, high", [.integer(id)]
        ).map { row in
            guard let block = AddressBlock(parsing: try row.text("block")) else { throw unreadable(id) }
            return block
        }
    }

    private static func unreadable(_ id: Int64) -> HubError {
        HubError(.storageCorrupt, "The grant \(id) cannot be read.")
    }
}
