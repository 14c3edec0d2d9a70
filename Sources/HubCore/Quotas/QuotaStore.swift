import SQL

/// Limits and use of namespaces (S24).
///
/// What counts: each large file once for each repository that has it, and what git was given. Who pays is the
/// repository's namespace; for what an outsider brings to a pull request, his own.
package struct QuotaStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// Milliseconds for which bytes stay set aside without a sign of life.
    static let lifetime: Int64 = 3_600_000

    // MARK: Limits

    /// Sets the limits of an account.
    /// - Parameter principal: nil for the operator on the data directory.
    /// - Throws: `.badRequest` for what no namespace is called.
    @discardableResult
    package func set(_ limits: QuotaLimits, of name: String, by principal: Principal? = nil) async throws
        -> QuotaAccount
    {
        guard RepositoryID(kind: .model, namespace: name, name: "x") != nil else {
            throw HubError(.badRequest, "'\(name)' is not the name of a user or an organisation.")
        }
        let now = clock.now()
        return try await database.write { connection in
            let account = RepositoryID.key(name)
            // What is as it was leaves no record.
            guard try Self.limits(of: account, in: connection) != limits else {
                return try Self.account(account, in: connection)
            }
            try Self.write(limits, of: account, name: name, now: now, in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, "quota.set", "namespace:\(name)",
                    detail: .object([
                        .init(key: "bytes", value: limits.bytes.json),
                        .init(key: "repositories", value: limits.repositories.json),
                    ])), at: now, in: connection)
            return try Self.account(account, in: connection)
        }
    }

    /// Sets what accounts may hold that have no limits of their own, as the server's configuration says. Kept, so that
    /// commands beside the server obey it too.
    package func setDefault(_ limits: QuotaLimits) async throws {
        let now = clock.now()
        let current = try await database.read { try Self.limits(of: QuotaLedger.defaults, in: $0) }
        guard current != limits else { return }
        try await database.write { connection in
            try Self.write(limits, of: QuotaLedger.defaults, name: QuotaLedger.defaults, now: now, in: connection)
        }
    }

    private static func write(
        _ limits: QuotaLimits, of account: String, name: String, now: Int64, in connection: any Connection
    ) throws {
        if limits == QuotaLimits() {
            try connection.execute("DELETE FROM quota_limits WHERE account = ?", [.text(account)])
            return
        }
        try connection.upsert(
            into: "quota_limits", key: [("account", .text(account))],
            values: [
                ("name", .text(name)), ("byte_limit", Value(limits.bytes.stored)),
                ("repository_limit", Value(limits.repositories.stored)), ("set_at", .integer(now)),
            ])
    }

    // MARK: Accounts

    /// An account; one that nobody has set or used yet holds nothing.
    package func account(named name: String) async throws -> QuotaAccount {
        let now = clock.now()
        let account = RepositoryID.key(name)
        // Most have nothing to sweep, and need no write.
        if try await database.read({ try Self.hasExpired(account, now: now, in: $0) }) {
            try await database.write { try QuotaLedger.sweep(account, now: now, in: $0) }
        }
        return try await database.read { try Self.account(account, in: $0) }
    }

    /// Accounts with limits of their own or something in them, by name.
    package func accounts(after name: String?, limit: Int) async throws -> [QuotaAccount] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT account FROM quota_usage WHERE account > ? UNION
                SELECT account FROM quota_limits WHERE account > ? AND account <> '*' ORDER BY account LIMIT ?
                """,
                [
                    .text(RepositoryID.key(name ?? "")), .text(RepositoryID.key(name ?? "")),
                    .integer(Int64(limit)),
                ]
            ).map { try Self.account(try $0.text("account"), in: connection) }
        }
    }

    /// Accounts with limits of their own or something in them, those that hold most first.
    /// - Parameter offset: how many of them are left out.
    package func largest(offset: Int, limit: Int) async throws -> [QuotaAccount] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT a.account, COALESCE(u.used, 0) AS held FROM (
                    SELECT account FROM quota_usage UNION SELECT account FROM quota_limits WHERE account <> '*'
                ) a LEFT JOIN quota_usage u ON u.account = a.account
                ORDER BY held DESC, a.account LIMIT ? OFFSET ?
                """, [.integer(Int64(max(1, min(limit, 1_000)))), .integer(Int64(max(0, offset)))]
            ).map { try Self.account(try $0.text("account"), in: connection) }
        }
    }

    /// Refuses uploads that would not fit, before any byte is sent. Nothing is set aside.
    /// - Throws: `.quotaExceeded`.
    package func requireRoom(for bytes: Int64, in repository: Repository) async throws {
        guard bytes > 0 else { return }
        let now = clock.now()
        let full = try await database.read { connection -> HubError? in
            guard let account = try QuotaLedger.account(for: repository, in: connection),
                let limit = try QuotaLedger.limit(of: account, in: connection)
            else { return nil }
            let row = try connection.first(
                "SELECT used, reserved FROM quota_usage WHERE account = ?", [.text(account)])
            // What expired is not swept by a question.
            let expired =
                try connection.first(
                    """
                    SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes FROM quota_reservations
                    WHERE account = ? AND expires_at <= ?
                    """, [.text(account), .integer(now)])?.integer("bytes") ?? 0
            let held = try (row?.integer("used") ?? 0) + (row?.integer("reserved") ?? 0) - expired
            return bytes <= limit && held <= limit - bytes
                ? nil : try QuotaExceeded.bytes(bytes, in: account, connection)
        }
        if let full { throw full }
    }

    static func account(_ account: String, in connection: any Connection) throws -> QuotaAccount {
        let own = try limits(of: account, in: connection)
        let usual = try limits(of: QuotaLedger.defaults, in: connection)
        let usage = try connection.first(
            "SELECT used, reserved FROM quota_usage WHERE account = ?", [.text(account)])
        let count = try connection.first(
            "SELECT COUNT(*) AS count FROM repositories WHERE namespace_key = ? AND origin = 'local'",
            [.text(account)])
        let name =
            try connection.first("SELECT name FROM namespaces WHERE name_key = ?", [.text(account)])
            ?? connection.first("SELECT name FROM quota_limits WHERE account = ?", [.text(account)])
        return QuotaAccount(
            name: try name?.text("name") ?? account,
            byteLimit: (own.bytes == .inherited ? usual.bytes : own.bytes).value,
            repositoryLimit: (own.repositories == .inherited ? usual.repositories : own.repositories).value,
            isDefault: own == QuotaLimits(), used: try usage?.integer("used") ?? 0,
            reserved: try usage?.integer("reserved") ?? 0, repositories: try count?.integer("count") ?? 0)
    }

    /// Refuses another repository in a namespace that has as many as it may.
    static func requireRepository(in namespace: String, _ connection: any Connection) throws {
        let key = RepositoryID.key(namespace)
        var limit = try limits(of: key, in: connection).repositories
        if limit == .inherited { limit = try limits(of: QuotaLedger.defaults, in: connection).repositories }
        guard case .of(let most) = limit else { return }
        // Whoever creates another one waits here: two must not both be the last.
        try connection.execute("UPDATE quota_limits SET set_at = set_at WHERE account IN (?, '*')", [.text(key)])
        let count = try connection.first(
            "SELECT COUNT(*) AS count FROM repositories WHERE namespace_key = ? AND origin = 'local'", [.text(key)])
        guard try count?.integer("count") ?? 0 < most else { throw QuotaExceeded.repositories(most, in: namespace) }
    }

    private static func limits(of account: String, in connection: any Connection) throws -> QuotaLimits {
        let row = try connection.first(
            "SELECT byte_limit, repository_limit FROM quota_limits WHERE account = ?", [.text(account)])
        return QuotaLimits(
            bytes: .init(try row?.optionalInteger("byte_limit")),
            repositories: .init(try row?.optionalInteger("repository_limit")))
    }

    private static func hasExpired(_ account: String, now: Int64, in connection: any Connection) throws -> Bool {
        try connection.first(
            "SELECT name FROM quota_reservations WHERE account = ? AND expires_at <= ?",
            [.text(account), .integer(now)]) != nil
    }
}

extension QuotaLimits.Limit {
    /// The number; nil where there is none.
    fileprivate var value: Int64? {
        if case .of(let value) = self { value } else { nil }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .inherited: .null
        case .unlimited: .string("unlimited")
        case .of(let value): .integer(value)
        }
    }
}

extension RepositoryStore {
    /// What the namespaces of these repositories may hold.
    package var quotas: QuotaStore { QuotaStore(database: database, clock: clock, identifiers: identifiers) }
}
