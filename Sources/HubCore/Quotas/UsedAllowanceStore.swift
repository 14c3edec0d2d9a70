import SQL

/// What was used of an allowance on one day.
package struct UsedAllowance: Sendable, Hashable {
    /// Whose: `upstream:NAME`, or `quota:MIRROR:user:NAME` and the like.
    package var subject: String
    /// Days since 1970, UTC.
    package var day: Int64
    package var bytes: Int64
    package var requests: Int64

    package init(subject: String, day: Int64, bytes: Int64, requests: Int64 = 0) {
        self.subject = subject
        self.day = day
        self.bytes = bytes
        self.requests = requests
    }
}

/// Keeps what was used of allowances over restarts.
package struct UsedAllowanceStore: Sendable {
    let database: any Database

    /// Days that are kept, for people to look back.
    private static let keptDays: Int64 = 35

    /// Adds to what is known, so that several processes may count.
    package func add(_ uses: [UsedAllowance]) async throws {
        guard !uses.isEmpty else { return }
        try await database.write { connection in
            for use in uses {
                let numbers: [Value] = [.integer(use.bytes), .integer(use.requests)]
                let row: [Value] = [.text(use.subject), .integer(use.day)]
                let changed = try connection.execute(
                    """
                    UPDATE used_allowances SET bytes = bytes + ?, requests = requests + ?
                    WHERE subject = ? AND day = ?
                    """, numbers + row)
                if changed == 0 {
                    try connection.execute(
                        "INSERT INTO used_allowances (bytes, requests, subject, day) VALUES (?, ?, ?, ?)",
                        numbers + row)
                }
            }
        }
    }

    /// What was used on a day, of every subject that begins like this.
    package func uses(on day: Int64, beginning prefix: String = "") async throws -> [UsedAllowance] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT subject, bytes, requests FROM used_allowances
                WHERE day = ? AND subject LIKE ? ESCAPE '!' ORDER BY subject
                """, [.integer(day), .text(RepositoryStore.escapeLike(prefix) + "%")]
            ).map { row in
                UsedAllowance(
                    subject: try row.text("subject"), day: day, bytes: try row.integer("bytes"),
                    requests: try row.integer("requests"))
            }
        }
    }

    /// Forgets days that nobody asks for any more.
    package func forget(before day: Int64) async throws {
        try await database.write { connection in
            try connection.execute(
                "DELETE FROM used_allowances WHERE day < ?", [.integer(day - Self.keptDays)])
        }
    }
}

extension Hub {
    /// What was used of allowances, by day.
    package var usedAllowances: UsedAllowanceStore { UsedAllowanceStore(database: database) }
}
