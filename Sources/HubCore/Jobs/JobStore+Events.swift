import SQL

/// What happened, and for how long it is remembered.
extension JobStore {
    /// Events after a sequence number, oldest first, at most 1,000.
    /// - Parameter job: only those of one job.
    package func events(after sequence: Int64, of job: Int64? = nil, limit: Int) async throws -> [JobEvent] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT * FROM job_events WHERE sequence > ?\(job == nil ? "" : " AND job_id = ?")
                ORDER BY sequence LIMIT ?
                """,
                [.integer(sequence)] + (job.map { [.integer($0)] } ?? []) + [Value(min(max(limit, 1), 1_000))]
            ).map { row in
                JobEvent(
                    sequence: try row.integer("sequence"), job: try row.optionalInteger("job_id"),
                    kind: try row.text("kind"), subject: try row.text("subject"),
                    content: JSONText.decode(try row.text("content")) ?? .null, at: try row.integer("created_at"))
            }
        }
    }

    /// The sequence number of the newest event; 0 before any.
    package func lastEvent() async throws -> Int64 {
        try await database.read { try Self.lastEvent(in: $0) }
    }

    /// Tells of something that is of no job, such as a crawl or a mirror's run.
    /// - Parameters:
    ///   - kind: of at most 32 bytes, such as `catalogue.crawled`.
    ///   - subject: what it is about, such as `mirror:hf`.
    package func note(event kind: String, subject: String, content: JSONValue = .object([])) async throws {
        let now = clock.now()
        try await database.write { connection in
            try Self.note(kind, subject: subject, content: content, job: nil, at: now, in: connection)
        }
        signal.raise()
    }

    /// Forgets events but the newest, and jobs that ended long ago with their files.
    /// - Parameters:
    ///   - events: how many are kept at most.
    ///   - age: milliseconds for which events and ended jobs are kept.
    ///   - jobs: how many ended jobs are kept at most.
    /// - Returns: how many jobs were forgotten.
    @discardableResult
    package func prune(events: Int = 20_000, jobs: Int = 50_000, olderThan age: Int64 = 30 * 86_400_000) async throws
        -> Int
    {
        let horizon = clock.now() - age
        try await database.write { connection in
            // The newest stays, so that numbers are never given twice.
            let last = try Self.lastEvent(in: connection)
            try connection.execute(
                "DELETE FROM job_events WHERE sequence < ? AND (sequence <= ? OR created_at < ?)",
                [.integer(last), .integer(last - Int64(events)), .integer(horizon)])
        }
        var pruned = 0
        while true {
            // Little by little: nobody else writes meanwhile.
            let count = try await database.write { connection in
                let ended =
                    try connection.first("SELECT COUNT(*) AS count FROM jobs WHERE finished_at IS NOT NULL")?
                    .integer("count") ?? 0
                let surplus = max(0, min(ended - Int64(jobs), 500))
                let rows = try connection.query(
                    """
                    SELECT id FROM jobs WHERE finished_at < ? AND lease_owner IS NULL
                    AND id < (SELECT MAX(id) FROM jobs) ORDER BY finished_at LIMIT 500
                    """, [.integer(horizon)])
                let more =
                    surplus == 0
                    ? []
                    : try connection.query(
                        """
                        SELECT id FROM jobs WHERE finished_at IS NOT NULL AND lease_owner IS NULL
                        AND id < (SELECT MAX(id) FROM jobs) ORDER BY finished_at LIMIT ?
                        """, [.integer(surplus)])
                let ids = Set(try (rows + more).map { try $0.integer("id") })
                for id in ids {
                    try connection.execute("DELETE FROM job_files WHERE job_id = ?", [.integer(id)])
                    try connection.execute("DELETE FROM jobs WHERE id = ?", [.integer(id)])
                }
                return ids.count
            }
            pruned += count
            if count == 0 { return pruned }
        }
    }

    /// Tells what happened to a job.
    static func note(
        _ what: String, of job: Job, _ members: [JSONValue.Member] = [], at now: Int64, in connection: any Connection
    ) throws {
        try note(
            "\(job.draft.kind).\(what)", subject: job.draft.subject,
            content: .object(
                [
                    .init(key: "account", value: .string(job.draft.account)),
                    .init(key: "mirror", value: job.draft.mirror.map { .string($0) } ?? .null),
                ] + members), job: job.id, at: now, in: connection)
    }

    static func note(
        _ kind: String, subject: String, content: JSONValue, job: Int64?, at now: Int64, in connection: any Connection
    ) throws {
        try connection.execute(
            "INSERT INTO job_events (sequence, job_id, kind, subject, content, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .integer(try lastEvent(in: connection) + 1), Value(job), .text(String(kind.prefix(48))),
                .text(String(subject.prefix(512))), .text(try JSONText.encode(content)), .integer(now),
            ])
    }

    private static func lastEvent(in connection: any Connection) throws -> Int64 {
        try connection.first("SELECT COALESCE(MAX(sequence), 0) AS last FROM job_events")?.integer("last") ?? 0
    }
}
