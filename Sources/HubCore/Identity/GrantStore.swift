import SQL

/// The rights that were given or taken apart from memberships.
package struct GrantStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Grants returned at once at most.
    package static let pageLimit = 1_000

    /// Gives or takes a right. Who may do that was decided when the scope was opened for `member.admin`.
    /// - Throws: `.badRequest` for more than reading to everybody.
    package func add(
        _ subject: AccessGrant.Subject, _ scope: AccessGrant.Scope, role: Role, effect: AccessGrant.Effect,
        expiresAt: Int64?, by principal: Principal
    ) async throws -> AccessGrant {
        if effect == .allow, role > .reader, subject == .everyone || subject == .authenticated {
            throw HubError(.badRequest, "Everybody can be a reader, and no more.", remedy: "Name users or members.")
        }
        let grant = AccessGrant(
            id: identifiers.next(), subject: subject, scope: scope, role: role, effect: effect, expiresAt: expiresAt)
        let now = clock.now()
        var named: (word: String, id: Int64?, role: Role?) = ("everyone", nil, nil)
        switch subject {
        case .everyone: break
        case .authenticated: named = ("authenticated", nil, nil)
        case .user(let id): named = ("user", id, nil)
        case .members(let organisation, let role): named = ("members", organisation, role)
        }
        var organisation: Int64?
        var repository: Int64?
        switch scope {
        case .system: break
        case .organisation(let id): organisation = id
        case .repository(let key): repository = key
        }
        let bound: [Value] = [
            .integer(grant.id), .text(named.word), Value(named.id), Value(named.role?.rawValue), Value(organisation),
            Value(repository), .integer(role.rawValue), .text(effect.rawValue), Value(expiresAt),
            .text(principal.label), .integer(now),
        ]
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO grants (id, subject, subject_id, subject_role, organisation_id, repository_id, role, effect,
                    expires_at, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, bound)
            try AuditLog.append(
                AuditEntry(by: principal, "grant.add", "grant:\(grant.id)", detail: Self.detail(of: grant)), at: now,
                in: connection)
        }
        return grant
    }

    /// The grants at exactly one scope, oldest first.
    package func list(at scope: AccessGrant.Scope) async throws -> [AccessGrant] {
        let (condition, arguments) = Self.condition(scope)
        return try await database.read { connection in
            try connection.query(
                "SELECT g.* FROM grants g WHERE \(condition) ORDER BY g.id LIMIT \(Self.pageLimit)", arguments
            ).map(Self.grant)
        }
    }

    /// Removes a grant of a scope: one of another scope is as if it were not there (S2).
    /// - Throws: `.notFound`.
    package func remove(_ id: Int64, at scope: AccessGrant.Scope, by principal: Principal) async throws {
        let now = clock.now()
        let (condition, arguments) = Self.condition(scope)
        try await database.write { connection in
            let row = try connection.first(
                "SELECT g.* FROM grants g WHERE \(condition) AND g.id = ?", arguments + [.integer(id)])
            guard let grant = try row.map(Self.grant) else {
                throw HubError(.notFound, "There is no such grant here.")
            }
            try connection.execute("DELETE FROM grants WHERE id = ?", [.integer(id)])
            try AuditLog.append(
                AuditEntry(by: principal, "grant.remove", "grant:\(id)", detail: Self.detail(of: grant)), at: now,
                in: connection)
        }
    }

    private static func condition(_ scope: AccessGrant.Scope) -> (String, [Value]) {
        switch scope {
        case .system: ("g.organisation_id IS NULL AND g.repository_id IS NULL", [])
        case .organisation(let id): ("g.organisation_id = ?", [.integer(id)])
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
        ])
    }

    /// A grant from its row.
    /// - Throws: `.storageCorrupt`: a row that cannot be read must not be passed over, for it may deny.
    static func grant(_ row: Row) throws -> AccessGrant {
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
            case "members":
                .members(
                    organisation: subjectID,
                    from: try row.optionalInteger("subject_role").flatMap(Role.init(rawValue:)) ?? .admin)
            default: .everyone
            }
        guard let role = Role(rawValue: try row.integer("role")),
            let effect = AccessGrant.Effect(rawValue: try row.text("effect"))
        else { throw HubError(.storageCorrupt, "The grant \(try row.integer("id")) cannot be read.") }
        return AccessGrant(
            id: try row.integer("id"), subject: subject, scope: scope, role: role, effect: effect,
            expiresAt: try row.optionalInteger("expires_at"))
    }
}
