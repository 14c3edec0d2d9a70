import SQL

/// The arithmetic of accounts, inside somebody else's transaction.
///
/// `used` is what an account holds and `reserved` what is set aside for uploads on their way. Every growth is one
/// `UPDATE` whose condition is the limit, so that any number of writers at once stay below it (S24).
enum QuotaLedger {
    /// A limit that is none, and small enough for sums.
    static let unlimited: Int64 = 1 << 62
    /// The account of the server's default.
    static let defaults = "*"

    private static let limit = """
        COALESCE((SELECT q.byte_limit FROM quota_limits q WHERE q.account = ?), \
        (SELECT q.byte_limit FROM quota_limits q WHERE q.account = '*'), \(unlimited))
        """

    // MARK: Who pays

    /// The account of a repository's namespace; nil for mirrors, which nobody pays for.
    static func account(of key: Int64, in connection: any Connection) throws -> String? {
        try connection.first(
            "SELECT namespace_key FROM repositories WHERE id = ? AND origin = 'local'", [.integer(key)]
        )?.text("namespace_key")
    }

    /// The account that pays for what a principal brings to a repository: that of its namespace, or his own when he only
    /// proposes a change.
    static func account(for repository: Repository, in connection: any Connection) throws -> String? {
        guard !repository.isMirror else { return nil }
        if let contributor = repository.contributor { return contributor.account }
        return try account(of: repository.key, in: connection)
    }

    /// Bytes that an account may hold; nil for no limit.
    static func limit(of account: String, in connection: any Connection) throws -> Int64? {
        let row = try connection.first("SELECT \(limit) AS byte_limit", [.text(account)])
        return try row?.integer("byte_limit").limited
    }

    // MARK: What is held

    /// Adds bytes to what an account holds, or takes them away.
    /// - Parameters:
    ///   - account: nil does nothing.
    ///   - reservation: what had been set aside for them; it ends.
    /// - Throws: `.quotaExceeded` when more is added than was set aside and may be held.
    static func charge(
        _ bytes: Int64, to account: String?, endingReservation reservation: String? = nil,
        in connection: any Connection
    ) throws {
        guard let account else { return }
        var released: Int64 = 0
        if let reservation, let held = try end(reservation, in: connection) {
            if held.account == account {
                released = held.bytes
            } else {
                try move(0, reserved: -held.bytes, of: held.account, in: connection)
            }
        }
        guard bytes != 0 || released != 0 else { return }
        try move(bytes, reserved: -released, of: account, in: connection)
    }

    // MARK: What is set aside

    /// Sets bytes aside under a name; what the name has already counts.
    /// - Parameters:
    ///   - other: a reservation that these bytes come out of, as far as it goes.
    ///   - expiry: milliseconds since 1970 from which they are set aside no more.
    /// - Throws: `.quotaExceeded`; nothing has changed then.
    static func reserve(
        _ bytes: Int64, as name: String, for account: String, outOf other: String? = nil, until expiry: Int64,
        now: Int64, in connection: any Connection
    ) throws {
        guard bytes < unlimited else { throw QuotaExceeded.tooLarge(bytes) }
        var growth = bytes
        let own = try row(name, in: connection)
        if let own {
            guard own.account == account else { throw QuotaExceeded.foreign }
            growth -= own.bytes
        }
        var taken: Int64 = 0
        if let other, let source = try row(other, in: connection), source.account == account {
            taken = min(source.bytes, max(0, growth))
            growth -= taken
        }
        if growth > 0 {
            do {
                try move(0, reserved: growth, of: account, in: connection)
            } catch let error as HubError where error.code == .quotaExceeded {
                // Somebody may have gone away without a word.
                guard try sweep(account, now: now, in: connection) > 0 else { throw error }
                // What was swept may be what was counted on.
                return try reserve(
                    bytes, as: name, for: account, outOf: other, until: expiry, now: now, in: connection)
            }
        }
        if let other, taken > 0 {
            try connection.execute(
                "UPDATE quota_reservations SET bytes = bytes - ? WHERE name = ?", [.integer(taken), .text(other)])
        }
        try connection.upsert(
            into: "quota_reservations", key: [("name", .text(name))],
            values: [
                ("account", .text(account)), ("bytes", .integer(max(bytes, own?.bytes ?? 0))),
                ("expires_at", .integer(expiry)),
            ])
    }

    /// Gives back what was set aside under a name, if anything is.
    static func release(_ name: String, in connection: any Connection) throws {
        guard let held = try end(name, in: connection) else { return }
        try move(0, reserved: -held.bytes, of: held.account, in: connection)
    }

    /// Gives back what was set aside for uploads that nobody goes on with.
    /// - Parameter account: nil for every account.
    /// - Returns: how many there were.
    @discardableResult
    static func sweep(_ account: String?, now: Int64, in connection: any Connection) throws -> Int {
        let condition = account == nil ? "" : " AND account = ?"
        let rows = try connection.query(
            "SELECT name FROM quota_reservations WHERE expires_at <= ?\(condition)",
            [.integer(now)] + (account.map { [.text($0)] } ?? []))
        for row in rows { try release(try row.text("name"), in: connection) }
        return rows.count
    }

    private static func row(_ name: String, in connection: any Connection) throws -> (account: String, bytes: Int64)? {
        try connection.first("SELECT account, bytes FROM quota_reservations WHERE name = ?", [.text(name)]).map {
            (try $0.text("account"), try $0.integer("bytes"))
        }
    }

    private static func end(_ name: String, in connection: any Connection) throws -> (account: String, bytes: Int64)? {
        guard let held = try row(name, in: connection) else { return nil }
        try connection.execute("DELETE FROM quota_reservations WHERE name = ?", [.text(name)])
        return held
    }

    /// The one `UPDATE`: what is held and set aside changes, unless both together would grow beyond the limit.
    private static func move(
        _ used: Int64, reserved: Int64, of account: String, in connection: any Connection
    ) throws {
        let growth = used + reserved
        let update = """
            UPDATE quota_usage SET used = used + ?, reserved = reserved + ?
            WHERE account = ? AND (? <= 0 OR used + reserved + ? <= \(limit))
            """
        let arguments: [Value] = [
            .integer(used), .integer(reserved), .text(account), .integer(growth), .integer(growth), .text(account),
        ]
        if try connection.execute(update, arguments) > 0 { return }
        // Not seen before, or full.
        let known = try connection.first("SELECT used FROM quota_usage WHERE account = ?", [.text(account)])
        if known == nil {
            try connection.execute(
                "INSERT INTO quota_usage (account, used, reserved) VALUES (?, 0, 0)", [.text(account)])
        }
        if try connection.execute(update, arguments) > 0 { return }
        throw try QuotaExceeded.bytes(growth, in: account, connection)
    }
}

extension Int64 {
    /// The same as a limit; nil when it is so large that it is none.
    fileprivate var limited: Int64? { self >= QuotaLedger.unlimited ? nil : self }
}
