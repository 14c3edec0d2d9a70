import SQL

extension QuotaStore {
    /// Adds up what every account holds, and compares it with its books, in one transaction.
    /// - Parameter correcting: whether the books are put right.
    /// - Returns: the accounts whose books were wrong, by name; and how many accounts there are.
    package func recount(correcting: Bool) async throws -> (accounts: Int, deviations: [QuotaDeviation]) {
        let now = clock.now()
        return try await database.write { connection in
            try QuotaLedger.sweep(nil, now: now, in: connection)
            try StagedBlobs.sweep(now: now, in: connection)
            var counted: [String: Int64] = [:]
            for sum in Self.sums {
                for row in try connection.query(sum) {
                    counted[try row.text("account"), default: 0] += try row.integer("bytes")
                }
            }
            var reserved: [String: Int64] = [:]
            for row in try connection.query(
                """
                SELECT account, CAST(SUM(bytes) AS BIGINT) AS bytes FROM quota_reservations GROUP BY account
                """)
            {
                reserved[try row.text("account")] = try row.integer("bytes")
            }
            var booked: [String: (used: Int64, reserved: Int64)] = [:]
            for row in try connection.query("SELECT account, used, reserved FROM quota_usage") {
                booked[try row.text("account")] = (try row.integer("used"), try row.integer("reserved"))
            }
            let accounts = Set(counted.keys).union(booked.keys).union(reserved.keys)
            var deviations: [QuotaDeviation] = []
            for account in accounts.sorted() {
                let (used, set) = booked[account] ?? (0, 0)
                let deviation = QuotaDeviation(
                    name: account, booked: used, counted: counted[account] ?? 0, bookedReserved: set,
                    countedReserved: reserved[account] ?? 0)
                guard used != deviation.counted || set != deviation.countedReserved else { continue }
                deviations.append(deviation)
                guard correcting else { continue }
                try connection.upsert(
                    into: "quota_usage", key: [("account", .text(account))],
                    values: [("used", .integer(deviation.counted)), ("reserved", .integer(deviation.countedReserved))])
            }
            return (accounts.count, deviations)
        }
    }

    /// What counts, each as `account` and `bytes`.
    private static let sums = [
        """
        SELECT COALESCE(l.payer, r.namespace_key) AS account, CAST(SUM(l.size) AS BIGINT) AS bytes
        FROM links l JOIN repositories r ON r.id = l.repository_id
        WHERE l.is_proved = 1 AND r.origin = 'local' GROUP BY COALESCE(l.payer, r.namespace_key)
        """,
        """
        SELECT namespace_key AS account, CAST(SUM(git_bytes) AS BIGINT) AS bytes FROM repositories
        WHERE origin = 'local' GROUP BY namespace_key
        """,
        "SELECT account, CAST(SUM(size) AS BIGINT) AS bytes FROM staged_blobs GROUP BY account",
        "SELECT account, CAST(SUM(bytes) AS BIGINT) AS bytes FROM contributed_bytes GROUP BY account",
    ]
}
