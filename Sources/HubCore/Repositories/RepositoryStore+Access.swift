import SQL

/// A repository's row with everything that decides who may do what with it.
struct RepositoryAccessFacts: Sendable {
    let record: RepositoryRecord
    let subject: AccessSubject
    let target: AccessTarget
    let grants: [AccessGrant]
}

extension RepositoryStore {
    /// Milliseconds since 1970, by the clock that decides when rights end.
    package var now: Int64 { clock.now() }

    /// What the decision about one principal and one repository needs, read in one transaction; nil when there is none.
    ///
    /// The statements are the same whether there is one or not, so that the time they take does not tell (S3).
    /// - Parameter isActive: whether the account may be used; authentication has seen to that for whoever asks himself.
    func accessFacts(_ id: RepositoryID, for principal: Principal, isActive: Bool = true) async throws
        -> RepositoryAccessFacts?
    {
        let now = clock.now()
        return try await database.read { connection in
            let record = try connection.first(
                """
                SELECT \(Self.columns) FROM repositories r
                WHERE r.kind = ? AND r.namespace_key = ? AND r.name_key = ?
                """, [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)]
            ).map(Self.record)
            let organisation = try connection.first(
                "SELECT id FROM organisations WHERE name_key = ?", [.text(id.namespaceKey)])
            let subject = try Self.subject(principal, isActive: isActive, in: connection)
            let request = try connection.first(
                "SELECT status FROM access_requests WHERE repository_id = ? AND user_id = ?",
                [.integer(record?.key ?? Self.noKey), .integer(principal.user?.id ?? 0)]
            ).flatMap { AccessRequest.Status(rawValue: try $0.text("status")) }
            let grants = try Self.grants(
                for: principal, on: record?.key ?? Self.noKey, in: organisation?.integer("id"), connection)
            for grant in grants where grant.expiresAt.map({ $0 > now }) ?? false {
                AnswerConditions.hold(until: grant.expiresAt)
            }
            guard let record else { return nil }
            let target = AccessTarget(
                namespaceKey: record.id.namespaceKey, organisation: try organisation?.integer("id"),
                repository: AccessTarget.RepositoryFacts(
                    key: record.key, id: record.id, visibility: record.visibility, isMirror: record.origin != .local,
                    gating: record.gating, creator: record.creator,
                    request: record.gating == .open ? nil : request))
            return RepositoryAccessFacts(record: record, subject: subject, target: target, grants: grants)
        }
    }

    /// The key of no repository.
    private static let noKey: Int64 = -1

    /// The same for a namespace itself, which need not exist.
    func accessFacts(namespace: String, for principal: Principal) async throws
        -> (subject: AccessSubject, target: AccessTarget, grants: [AccessGrant])
    {
        try await database.read { connection in
            let key = RepositoryID.key(namespace)
            let organisation = try connection.first("SELECT id FROM organisations WHERE name_key = ?", [.text(key)])
            let target = AccessTarget(
                namespaceKey: key, organisation: try organisation?.integer("id"), repository: nil)
            return (
                try Self.subject(principal, isActive: true, in: connection), target,
                try Self.grants(for: principal, on: nil, in: target.organisation, connection)
            )
        }
    }

    static func subject(_ principal: Principal, isActive: Bool, in connection: any Connection) throws
        -> AccessSubject
    {
        var memberships: [Int64: Role] = [:]
        if let user = principal.user {
            let rows = try connection.query(
                "SELECT organisation_id, role FROM memberships WHERE user_id = ?", [.integer(user.id)])
            for row in rows {
                memberships[try row.integer("organisation_id")] = Role(rawValue: try row.integer("role"))
            }
        }
        var teams: Set<Int64> = []
        if let user = principal.user {
            let rows = try connection.query(
                "SELECT team_id FROM team_members WHERE user_id = ?", [.integer(user.id)])
            for row in rows { teams.insert(try row.integer("team_id")) }
        }
        return AccessSubject(principal, isActive: isActive, memberships: memberships, teams: teams)
    }

    /// The grants that name the principal, or everybody, on a repository, its organisation and the hub.
    private static func grants(
        for principal: Principal, on repository: Int64?, in organisation: Int64?, _ connection: any Connection
    ) throws -> [AccessGrant] {
        let user = principal.user?.id ?? 0
        return try GrantStore.grants(
            where: """
                ((g.repository_id = ? AND g.organisation_id IS NULL)
                    OR (g.repository_id IS NULL AND g.organisation_id = ?)
                    OR (g.repository_id IS NULL AND g.organisation_id IS NULL))
                AND (g.subject IN ('everyone', 'authenticated') OR (g.subject = 'user' AND g.subject_id = ?)
                    OR (g.subject = 'members' AND EXISTS (SELECT 1 FROM memberships m
                        WHERE m.organisation_id = g.subject_id AND m.user_id = ?))
                    OR (g.subject = 'team' AND EXISTS (SELECT 1 FROM team_members tm
                        WHERE tm.team_id = g.subject_id AND tm.user_id = ?)))
                """,
            [Value(repository), Value(organisation), .integer(user), .integer(user), .integer(user)], in: connection)
    }

    /// Notes that an administrator reads private or gated content that nobody gave him.
    func noteBreakGlass(_ record: RepositoryRecord, by principal: Principal) async throws {
        let now = clock.now()
        try await database.write { connection in
            try AuditLog.append(
                AuditEntry(by: principal, "repository.read-as-administrator", record.id.description), at: now,
                in: connection)
        }
    }

    /// Notes who made a repository, within the transaction that makes it.
    static func noteCreator(_ principal: Principal?, of key: Int64, in connection: any Connection) throws {
        guard let user = principal?.user, user.id != 0 else { return }
        try connection.execute(
            "UPDATE repositories SET created_by = ? WHERE id = ?", [.integer(user.id), .integer(key)])
    }
}

extension Repository.Gating {
    /// Reads the setting `gated` as Hugging Face writes it: `false`, `"auto"`, `"manual"`. What is none of these is
    /// manual: a gate that cannot be read stays shut.
    init(setting: String?) {
        switch setting.flatMap(JSONText.decode) {
        case nil where setting == nil: self = .open
        case .null, .boolean(false): self = .open
        case .string("auto"): self = .auto
        default: self = .manual
        }
    }

    /// As Hugging Face writes it.
    package var setting: JSONValue { self == .open ? .boolean(false) : .string(rawValue) }

    /// The setting `gated` of a request; nil for what is none.
    package init?(_ value: JSONValue) {
        switch value {
        case .boolean(false): self = .open
        case .string("auto"): self = .auto
        case .string("manual"): self = .manual
        default: return nil
        }
    }
}
