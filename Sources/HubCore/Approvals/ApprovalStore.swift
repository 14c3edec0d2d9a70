package import SQL

/// The requests for reviews of a hub.
package struct ApprovalStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    package init(database: any Database, clock: WallClock, identifiers: IdentifierSource) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// The most requests that wait at a time: whoever asks for a whole catalogue gets no numbers beyond it.
    package static let maximumOpen = 10_000
    private static let name = "approvals"

    // MARK: Asking

    /// Makes a request, or finds the one that waits for the same commit and the same reasons.
    /// - Returns: the request, and whether it is new.
    /// - Throws: `.tooManyRequests` when too many wait.
    package func ask(_ draft: ApprovalDraft, by principal: Principal) async throws -> (approval: Approval, isNew: Bool)
    {
        let now = clock.now()
        let reasons = try JSONText.encode(.array(draft.reasons.map(\.json)))
        let evidence = try JSONText.encode(draft.evidence)
        return try await database.write { connection in
            let place: [Value] = [
                .text(draft.repository.kind.rawValue), .text(RepositoryID.key(draft.repository.path)),
                .text(draft.commit?.hex ?? ""), .text(draft.reasonsDigest),
            ]
            let known = try connection.first(
                """
                SELECT * FROM approvals WHERE kind = ? AND path_key = ? AND commit_id = ? AND reasons_digest = ?
                AND state = 'open' AND (expires_at IS NULL OR expires_at > ?)
                """, place + [.integer(now)])
            if let known, let approval = try Self.approval(known) { return (approval, false) }
            let open = try connection.first("SELECT COUNT(*) AS n FROM approvals WHERE state = 'open'")?.integer("n")
            guard open ?? 0 < Self.maximumOpen else {
                throw HubError(
                    .tooManyRequests, "\(Self.maximumOpen) requests for reviews wait already.",
                    remedy: "Ask those who decide on them to do so.")
            }
            let last = try connection.first("SELECT MAX(id) AS id FROM approvals")?.optionalInteger("id") ?? 0
            let id = last + 1
            try connection.execute(
                """
                INSERT INTO approvals (id, kind, path, path_key, mirror, upstream_path, commit_id, revision, reasons,
                reasons_digest, evidence, policy_digest, is_quarantined, state, requested_by, requested_at, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)
                """,
                [
                    .integer(id), place[0], .text(draft.repository.path), place[1], .text(draft.mirror),
                    .text(draft.upstreamPath), place[2], .text(String(draft.revision.prefix(255))), .text(reasons),
                    place[3], .text(evidence), .text(draft.policyDigest), Value(draft.isQuarantined),
                    .text(principal.label), .integer(now), Value(draft.lifetime.map { now.addingClamped($0) }),
                ])
            try Self.audit("ask", id, draft.repository, by: principal, [], now, connection)
            try Self.bump(connection)
            guard let row = try connection.first("SELECT * FROM approvals WHERE id = ?", [.integer(id)]),
                let approval = try Self.approval(row)
            else { throw HubError(.internalError, "The request \(id) was not written.") }
            return (approval, true)
        }
    }

    /// Counts who asked for what waits.
    /// - Parameter asks: by request and account.
    package func count(_ asks: [ApprovalAsk: Int64]) async throws {
        guard !asks.isEmpty else { return }
        let now = clock.now()
        try await database.write { connection in
            for (ask, times) in asks {
                let place: [Value] = [.integer(ask.approval), .text(ask.account)]
                let changed = try connection.execute(
                    "UPDATE approval_askers SET asked = asked + ?, last_at = ? WHERE approval_id = ? AND account = ?",
                    [.integer(times), .integer(now)] + place)
                if changed == 0 {
                    try connection.execute(
                        """
                        INSERT INTO approval_askers (approval_id, account, first_at, last_at, asked)
                        VALUES (?, ?, ?, ?, ?)
                        """, place + [.integer(now), .integer(now), .integer(times)])
                }
            }
        }
    }

    /// Keeps what somebody who was counted needs the content for; what he said before is replaced.
    package func keep(reason: String, of account: String, for id: Int64) async throws {
        _ = try await database.write { connection in
            try connection.execute(
                "UPDATE approval_askers SET reason = ? WHERE approval_id = ? AND account = ?",
                [.text(reason), .integer(id), .text(account)])
        }
    }

    // MARK: Deciding

    /// What somebody decides.
    package enum Ruling: Sendable, Hashable {
        /// - Parameter expiresAt: milliseconds since 1970; nil for no end.
        case approve(Approval.Scope, expiresAt: Int64?)
        case reject
        case withdraw

        var state: Approval.State {
            switch self {
            case .approve: .approved
            case .reject: .rejected
            case .withdraw: .withdrawn
            }
        }
    }

    /// Decides on a request. An approval can be taken back by rejecting it.
    ///
    /// Whether the principal may decide is the caller's to have asked; that nobody decides on his own request is not.
    /// - Parameter isOnlyApprover: whether nobody else could decide: then one's own request may be approved.
    /// - Throws: `.notFound`; `.conflict` for a request that does not wait; `.forbidden` for one's own; `.badRequest` for
    ///   a scope that the request does not have, or an end that has passed.
    package func decide(
        _ id: Int64, _ ruling: Ruling, note: String?, by principal: Principal, isOnlyApprover: Bool = false
    ) async throws -> Approval {
        let now = clock.now()
        if let note, note.count > Approval.maximumNote {
            throw HubError(.badRequest, "A note has at most \(Approval.maximumNote) characters.")
        }
        return try await database.write { connection in
            guard let row = try connection.first("SELECT * FROM approvals WHERE id = ?", [.integer(id)]),
                let approval = try Self.approval(row)
            else { throw Self.unknown(id) }
            let standing = approval.state(at: now)
            let isTakenBack = standing == .approved && ruling == .reject
            guard standing == .open || isTakenBack else {
                throw HubError(
                    .conflict, "The request #\(id) is \(standing.rawValue).", remedy: "Ask for the content again.")
            }
            if case .approve(let scope, let expiresAt) = ruling {
                let asked = try connection.first(
                    "SELECT asked FROM approval_askers WHERE approval_id = ? AND account = ?",
                    [.integer(id), .text(principal.label)])
                guard asked == nil && approval.requestedBy != principal.label || isOnlyApprover else {
                    throw HubError(
                        .forbidden, "Who asked for a review does not decide on it (#\(id)).",
                        remedy: "Have somebody else with the right to approve look at it.")
                }
                if approval.commit == nil, scope != .repository {
                    throw HubError(
                        .badRequest, "Nothing of \(approval.repository) was fetched: only all of it can pass.")
                }
                if let expiresAt, expiresAt <= now {
                    throw HubError(.badRequest, "The approval would end before it begins.")
                }
            }
            var (scope, end): (Approval.Scope?, Int64?) = (nil, nil)
            if case .approve(let given, let expiresAt) = ruling { (scope, end) = (given, expiresAt) }
            try connection.execute(
                """
                UPDATE approvals SET state = ?, decided_by = ?, decided_at = ?, note = ?, scope = ?, scope_path = ?,
                expires_at = ? WHERE id = ?
                """,
                [
                    .text(ruling.state.rawValue), .text(principal.label), .integer(now), Value(note),
                    Value(scope?.word), Value(scope?.path), Value(end), .integer(id),
                ])
            try Self.audit(
                Self.word(ruling), id, approval.repository, by: principal,
                [
                    .init(key: "commit", value: approval.commit.map { .string($0.hex) } ?? .null),
                    .init(key: "scope", value: scope.map { .string($0.word) } ?? .null),
                    .init(key: "path", value: scope?.path.map { .string($0) } ?? .null),
                    .init(key: "expiresAt", value: end.map { .string(JSONDate.text(milliseconds: $0)) } ?? .null),
                    .init(key: "note", value: note.map { .string($0) } ?? .null),
                    .init(key: "reasons", value: .array(approval.reasons.map { .string($0.text) })),
                ], now, connection)
            try Self.bump(connection)
            guard
                let decided = try connection.first("SELECT * FROM approvals WHERE id = ?", [.integer(id)]).flatMap(
                    Self.approval)
            else { throw Self.unknown(id) }
            switch ruling {
            case .approve, .reject:
                try NotificationRows.decided(
                    decided, isApproved: ruling.state == .approved, by: principal, at: now, identifiers: identifiers,
                    in: connection)
            case .withdraw: break
            }
            return decided
        }
    }

    private static func word(_ ruling: Ruling) -> String {
        switch ruling {
        case .approve: "approve"
        case .reject: "reject"
        case .withdraw: "withdraw"
        }
    }

    // MARK: Reading

    /// - Throws: `.notFound`.
    package func approval(_ id: Int64) async throws -> Approval {
        let row = try await database.read { try $0.first("SELECT * FROM approvals WHERE id = ?", [.integer(id)]) }
        guard let row, let approval = try Self.approval(row) else { throw Self.unknown(id) }
        return approval
    }

    /// Requests from the newest back.
    /// - Parameters:
    ///   - state: nil for all; what has run out counts as expired.
    ///   - repository: nil for all.
    ///   - before: an id to go on from.
    package func list(
        state: Approval.State? = nil, repository: RepositoryID? = nil, before: Int64? = nil, limit: Int
    ) async throws -> [Approval] {
        let now = clock.now()
        var conditions = ["id < ?"]
        var arguments: [Value] = [.integer(before ?? .max)]
        switch state {
        case nil: break
        case .expired?:
            conditions.append("(state = 'expired' OR (state IN ('open', 'approved') AND expires_at <= ?))")
            arguments.append(.integer(now))
        case .open?, .approved?, .rejected?, .withdrawn?:
            conditions.append(
                "state = ? AND (expires_at IS NULL OR expires_at > ? OR state IN ('rejected', 'withdrawn'))")
            arguments += [.text(state?.rawValue ?? ""), .integer(now)]
        }
        if let repository {
            conditions.append("kind = ? AND path_key = ?")
            arguments += [.text(repository.kind.rawValue), .text(RepositoryID.key(repository.path))]
        }
        let (condition, values) = (conditions.joined(separator: " AND "), arguments + [.integer(Int64(limit))])
        return try await database.read { connection in
            try connection.query("SELECT * FROM approvals WHERE \(condition) ORDER BY id DESC LIMIT ?", values)
                .compactMap(Self.approval)
        }
    }

    /// Who asked for what a request is about, the busiest first.
    package func askers(of id: Int64, limit: Int = 100) async throws -> [ApprovalAsker] {
        try await database.read { connection in
            try connection.query(
                "SELECT * FROM approval_askers WHERE approval_id = ? ORDER BY asked DESC, account LIMIT ?",
                [.integer(id), .integer(Int64(limit))]
            ).map { row in
                ApprovalAsker(
                    account: try row.text("account"), firstAt: try row.integer("first_at"),
                    lastAt: try row.integer("last_at"), asked: try row.integer("asked"),
                    reason: try row.optionalText("reason"))
            }
        }
    }

    /// What changes with every request and every decision.
    func version() async throws -> Int64 {
        try await database.read { connection in
            try connection.first("SELECT version FROM approval_versions WHERE name = ?", [.text(Self.name)])?
                .integer("version") ?? 0
        }
    }

    /// Everything that waits or lets something pass now.
    func standing() async throws -> (version: Int64, approvals: [Approval]) {
        let now = clock.now()
        return try await database.read { connection in
            let version =
                try connection.first("SELECT version FROM approval_versions WHERE name = ?", [.text(Self.name)])?
                .integer("version") ?? 0
            let rows = try connection.query(
                """
                SELECT * FROM approvals WHERE state IN ('open', 'approved') AND (expires_at IS NULL OR expires_at > ?)
                """, [.integer(now)])
            return (version, try rows.compactMap(Self.approval))
        }
    }

    // MARK: Rows

    private static func bump(_ connection: any Connection) throws {
        let version =
            try connection.first("SELECT version FROM approval_versions WHERE name = ?", [.text(name)])?
            .integer("version") ?? 0
        try connection.upsert(
            into: "approval_versions", key: [("name", .text(name))], values: [("version", .integer(version + 1))])
    }

    private static func audit(
        _ word: String, _ id: Int64, _ repository: RepositoryID, by principal: Principal,
        _ detail: [JSONValue.Member], _ now: Int64, _ connection: any Connection
    ) throws {
        try AuditLog.append(
            AuditEntry(
                by: principal, "approval.\(word)", repository.description,
                detail: .object([.init(key: "request", value: .integer(id))] + detail)), at: now, in: connection)
    }

    private static func unknown(_ id: Int64) -> HubError { HubError(.notFound, "There is no request #\(id).") }

    private static func approval(_ row: Row) throws -> Approval? {
        guard let kind = RepositoryKind(rawValue: try row.text("kind")),
            let id = RepositoryID(kind: kind, path: try row.text("path")),
            let state = Approval.State(rawValue: try row.text("state")),
            let reasons = JSONText.decode(try row.text("reasons"))
        else { return nil }
        let scope = try row.optionalText("scope")
        return Approval(
            id: try row.integer("id"), repository: id, mirror: try row.text("mirror"),
            upstreamPath: try row.text("upstream_path"), commit: CommitID(try row.text("commit_id")),
            revision: try row.text("revision"),
            reasons: try JSONText.decode([Approval.Reason].self, from: reasons),
            evidence: JSONText.decode(try row.text("evidence")) ?? .null,
            policyDigest: try row.text("policy_digest"), isQuarantined: try row.integer("is_quarantined") != 0,
            state: state, requestedBy: try row.text("requested_by"), requestedAt: try row.integer("requested_at"),
            decidedBy: try row.optionalText("decided_by"), decidedAt: try row.optionalInteger("decided_at"),
            note: try row.optionalText("note"),
            scope: try scope.flatMap { Approval.Scope(word: $0, path: try row.optionalText("scope_path")) },
            expiresAt: try row.optionalInteger("expires_at"))
    }
}

/// That an account asked for what a request is about.
package struct ApprovalAsk: Sendable, Hashable {
    package let approval: Int64
    package let account: String

    package init(approval: Int64, account: String) {
        self.approval = approval
        self.account = account
    }
}

extension Hub {
    /// Requests for reviews, and what was decided on them.
    package var approvals: ApprovalStore {
        ApprovalStore(database: database, clock: clock, identifiers: store.identifiers)
    }
}
