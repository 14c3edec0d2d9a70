import SQL

/// The requests at the gates of repositories. Every method takes the repository as it was opened, and looks at no row of
/// another one (S2).
package struct AccessRequestStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Requests of a page at most.
    package static let pageLimit = 1_000
    /// What people may fill in, in bytes of JSON.
    package static let fieldsLimit = 64 << 10

    /// By whom a request is named.
    package enum Reference: Sendable {
        case user(String)
        case id(Int64)
    }

    /// Asks to be let in. Asking again changes nothing but what was filled in; who was rejected stays so.
    /// - Parameter repository: opened for `.discuss`.
    /// - Returns: how the request stands now.
    /// - Throws: `.badRequest` when there is no gate.
    package func ask(_ repository: Repository, fields: JSONValue) async throws -> AccessRequest.Status {
        try require(repository, .discuss)
        guard repository.gating != .open else { throw Self.notGated(repository) }
        guard let user = repository.principal.user else {
            throw HubError(.authenticationRequired, "Sign in to ask for access.")
        }
        let text = try JSONText.encode(fields)
        guard text.utf8.count <= Self.fieldsLimit else {
            throw HubError(.payloadTooLarge, "The form is larger than \(Self.fieldsLimit) bytes.")
        }
        let id = identifiers.next()
        let now = clock.now()
        return try await database.write { connection in
            let key: [Value] = [.integer(repository.key), .integer(user.id)]
            let row = try connection.first(
                "SELECT status FROM access_requests WHERE repository_id = ? AND user_id = ?", key)
            let isOpened = repository.gating == .auto
            if let row, let status = AccessRequest.Status(rawValue: try row.text("status")) {
                guard status == .pending else { return status }
                let next: AccessRequest.Status = isOpened ? .accepted : .pending
                try connection.execute(
                    "UPDATE access_requests SET fields = ?, status = ? WHERE repository_id = ? AND user_id = ?",
                    [.text(text), .text(next.rawValue)] + key)
                if next != status { try audit("ask", next, user.name, repository, now, connection) }
                return next
            }
            let status: AccessRequest.Status = isOpened ? .accepted : .pending
            try Self.insert(id, user.id, status, text, repository, now, in: connection)
            try audit("ask", status, user.name, repository, now, connection)
            return status
        }
    }

    /// The requests of a repository that stand so, newest first.
    /// - Parameters:
    ///   - repository: opened for `.gateApprove`.
    ///   - before: the id to go on from; nil for the newest.
    package func list(_ status: AccessRequest.Status, of repository: Repository, before: Int64?, limit: Int)
        async throws -> [AccessRequest]
    {
        try require(repository, .gateApprove)
        guard repository.gating != .open else { throw Self.notGated(repository) }
        let limit = max(1, min(limit, Self.pageLimit))
        return try await database.read { connection in
            try connection.query(
                """
                SELECT q.id AS request_id, q.status, q.fields, q.reason, q.requested_at, q.decided_by,
                    \(IdentityStore.userColumns)
                FROM access_requests q JOIN users u ON u.id = q.user_id
                WHERE q.repository_id = ? AND q.status = ? AND q.id < ? ORDER BY q.id DESC LIMIT ?
                """,
                [.integer(repository.key), .text(status.rawValue), .integer(before ?? .max), .integer(Int64(limit))]
            ).map { row in
                AccessRequest(
                    id: try row.integer("request_id"), user: try IdentityStore.user(row), status: status,
                    fields: JSONText.decode(try row.text("fields")) ?? .null,
                    requestedAt: try row.integer("requested_at"), reason: try row.optionalText("reason"),
                    decidedBy: try row.optionalText("decided_by"))
            }
        }
    }

    /// Decides on a request, or puts it back to waiting.
    /// - Parameter repository: opened for `.gateApprove`.
    /// - Throws: `.badRequest` when there is no gate, `.notFound` for a request that is not there or stands so already.
    package func handle(
        _ reference: Reference, of repository: Repository, to status: AccessRequest.Status, reason: String?
    ) async throws {
        try require(repository, .gateApprove)
        guard repository.gating != .open else { throw Self.notGated(repository) }
        let now = clock.now()
        try await database.write { connection in
            let condition: String
            let argument: Value
            switch reference {
            case .id(let id): (condition, argument) = ("q.id = ?", .integer(id))
            case .user(let name): (condition, argument) = ("u.name_key = ?", .text(RepositoryID.key(name)))
            }
            let row = try connection.first(
                """
                SELECT q.user_id, q.status, u.name FROM access_requests q JOIN users u ON u.id = q.user_id
                WHERE q.repository_id = ? AND \(condition)
                """, [.integer(repository.key), argument])
            guard let row else { throw HubError(.notFound, "There is no such request for access.") }
            guard try row.text("status") != status.rawValue else {
                throw HubError(.notFound, "The request of '\(try row.text("name"))' is \(status.rawValue) already.")
            }
            let isDecided = status != .pending
            try connection.execute(
                """
                UPDATE access_requests SET status = ?, reason = ?, decided_at = ?, decided_by = ?
                WHERE repository_id = ? AND user_id = ?
                """,
                [
                    .text(status.rawValue), Value(status == .rejected ? reason : nil), Value(isDecided ? now : nil),
                    Value(isDecided ? repository.principal.label : nil), .integer(repository.key),
                    .integer(try row.integer("user_id")),
                ])
            try NotificationRows.answered(
                status, to: try row.integer("user_id"), of: repository, at: now, identifiers: identifiers,
                in: connection)
            try audit("handle", status, try row.text("name"), repository, now, connection)
        }
    }

    /// Lets somebody in who need not have asked.
    /// - Parameter repository: opened for `.gateApprove`.
    /// - Throws: `.badRequest` when there is no gate or he is in already, `.notFound` for nobody's name.
    package func grant(_ name: String, to repository: Repository) async throws {
        try require(repository, .gateApprove)
        guard repository.gating != .open else { throw Self.notGated(repository) }
        let id = identifiers.next()
        let now = clock.now()
        try await database.write { connection in
            let user = try connection.first(
                "SELECT id, name FROM users WHERE name_key = ? AND is_disabled = 0", [.text(RepositoryID.key(name))])
            guard let user else { throw HubError(.notFound, "There is no user called '\(name)'.") }
            let key: [Value] = [.integer(repository.key), .integer(try user.integer("id"))]
            let row = try connection.first(
                "SELECT status FROM access_requests WHERE repository_id = ? AND user_id = ?", key)
            if try row?.text("status") == AccessRequest.Status.accepted.rawValue {
                throw HubError(.badRequest, "'\(name)' has access already.")
            }
            if row == nil {
                try Self.insert(id, try user.integer("id"), .accepted, "{}", repository, now, in: connection)
            }
            try connection.execute(
                """
                UPDATE access_requests SET status = 'accepted', reason = NULL, decided_at = ?, decided_by = ?
                WHERE repository_id = ? AND user_id = ?
                """, [.integer(now), .text(repository.principal.label)] + key)
            try audit("grant", .accepted, try user.text("name"), repository, now, connection)
        }
    }

    private static func insert(
        _ id: Int64, _ user: Int64, _ status: AccessRequest.Status, _ fields: String, _ repository: Repository,
        _ now: Int64, in connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO access_requests (id, repository_id, user_id, status, fields, requested_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(id), .integer(repository.key), .integer(user), .text(status.rawValue), .text(fields),
                .integer(now),
            ])
    }

    private func audit(
        _ word: String, _ status: AccessRequest.Status, _ user: String, _ repository: Repository, _ now: Int64,
        _ connection: any Connection
    ) throws {
        try AuditLog.append(
            AuditEntry(
                by: repository.principal, "access.\(word)", repository.id.description,
                detail: .object([
                    .init(key: "user", value: .string(user)), .init(key: "status", value: .string(status.rawValue)),
                ])), at: now, in: connection)
    }

    private static func notGated(_ repository: Repository) -> HubError {
        HubError(.badRequest, "\(repository.id) is not gated.")
    }

    private func require(_ repository: Repository, _ verb: Verb) throws {
        guard repository.verb == verb else {
            throw HubError(
                .internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to \(verb.rawValue).")
        }
    }
}
