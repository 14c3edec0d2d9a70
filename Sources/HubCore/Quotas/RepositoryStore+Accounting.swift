import SQL

// What changes of repositories mean to the accounts that pay for them. Each runs in the transaction of the change.
extension RepositoryStore {
    /// Links a blob that came by a repository.
    /// - Returns: bytes that are to be paid for: none when it was proved there already.
    static func prove(_ pointer: LFSPointer, in key: Int64, _ connection: any Connection) throws -> Int64 {
        let known = try connection.first(
            "SELECT is_proved FROM links WHERE repository_id = ? AND sha256 = ?",
            [.integer(key), .text(pointer.oid.hex)])
        try connection.upsert(
            into: "links", key: [("repository_id", .integer(key)), ("sha256", .text(pointer.oid.hex))],
            values: [("size", .integer(pointer.size)), ("is_proved", Value(true))])
        return try known?.boolean("is_proved") == true ? 0 : pointer.size
    }

    /// Pays for what a commit brings, and counts what git was given, which the caller adds to the repository's row.
    /// - Parameters:
    ///   - linked: bytes of large files that became the repository's.
    ///   - git: bytes that git was given.
    /// - Throws: `.quotaExceeded`.
    static func pay(
        linked: Int64, git: Int64, for repository: Repository, endingReservation reservation: String?,
        in connection: any Connection
    ) throws {
        if let contributor = repository.contributor, git != 0 {
            let place: [Value] = [.integer(repository.key), .text(contributor.account)]
            let changed = try connection.execute(
                "UPDATE contributed_bytes SET bytes = bytes + ? WHERE repository_id = ? AND account = ?",
                [.integer(git)] + place)
            if changed == 0 {
                try connection.execute(
                    "INSERT INTO contributed_bytes (bytes, repository_id, account) VALUES (?, ?, ?)",
                    [.integer(git)] + place)
            }
        }
        guard linked != 0 || git != 0 || reservation != nil else { return }
        try QuotaLedger.charge(
            linked + git, to: try QuotaLedger.account(for: repository, in: connection),
            endingReservation: reservation, in: connection)
    }

    /// Gives back what a repository holds, before its rows go away.
    static func releaseAll(of key: Int64, in connection: any Connection) throws {
        guard let account = try QuotaLedger.account(of: key, in: connection) else { return }
        let place: [Value] = [.integer(key), .integer(key), .integer(key)]
        for row in try connection.query(
            """
            SELECT payer AS account, CAST(SUM(size) AS BIGINT) AS bytes FROM links
            WHERE repository_id = ? AND is_proved = 1 GROUP BY payer
            UNION ALL SELECT account, CAST(SUM(size) AS BIGINT) AS bytes FROM staged_blobs
            WHERE repository_id = ? GROUP BY account
            UNION ALL SELECT account, bytes FROM contributed_bytes WHERE repository_id = ?
            """, place)
        {
            try QuotaLedger.charge(
                -(try row.integer("bytes")), to: try row.optionalText("account") ?? account, in: connection)
        }
        try QuotaLedger.charge(-(try gitBytes(of: key, in: connection)), to: account, in: connection)
    }

    /// Moves what a repository holds from the namespace it is in to another, before its row is changed.
    /// - Throws: `.quotaExceeded` when it does not fit there.
    static func moveHoldings(of key: Int64, to namespace: String, in connection: any Connection) throws {
        let target = RepositoryID.key(namespace)
        guard let account = try QuotaLedger.account(of: key, in: connection), account != target else { return }
        try QuotaStore.requireRepository(in: namespace, connection)
        let linked =
            try connection.first(
                """
                SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM links
                WHERE repository_id = ? AND is_proved = 1 AND payer IS NULL
                """, [.integer(key)])?.integer("bytes") ?? 0
        let bytes = linked + (try gitBytes(of: key, in: connection))
        try QuotaLedger.charge(-bytes, to: account, in: connection)
        try QuotaLedger.charge(bytes, to: target, in: connection)
    }

    /// Gives back what a repository's link to a blob holds, before it goes away.
    static func releaseLink(to blob: BlobID, of key: Int64, in connection: any Connection) throws {
        guard
            let row = try connection.first(
                "SELECT size, payer FROM links WHERE repository_id = ? AND sha256 = ? AND is_proved = 1",
                [.integer(key), .text(blob.hex)])
        else { return }
        let payer = try row.optionalText("payer")
        try QuotaLedger.charge(
            -(try row.integer("size")), to: try payer ?? QuotaLedger.account(of: key, in: connection), in: connection)
    }

    private static func gitBytes(of key: Int64, in connection: any Connection) throws -> Int64 {
        try connection.first("SELECT git_bytes FROM repositories WHERE id = ?", [.integer(key)])?.integer("git_bytes")
            ?? 0
    }
}
