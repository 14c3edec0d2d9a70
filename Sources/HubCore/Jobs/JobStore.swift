package import SQL

/// Long work, in the database: whoever opens it sees the same queue (law 8).
package struct JobStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource
    /// Raised after each change that this process made.
    package let signal: JobSignal
    /// How many jobs of one account may be there that have not ended (S79).
    let activePerAccount: Int

    package init(
        database: any Database, clock: WallClock, signal: JobSignal = JobSignal(), activePerAccount: Int = 200_000
    ) {
        self.database = database
        self.clock = clock
        identifiers = IdentifierSource(clock: clock)
        self.signal = signal
        self.activePerAccount = activePerAccount
    }

    /// Bytes that a payload may have as JSON.
    private static let maximumPayload = 1 << 20
    /// More jobs at once than this are told as one event.
    private static let toldOneByOne = 100

    // MARK: Asking for work

    /// Queues a job, or gives the one with the same unique key that has not ended.
    /// - Throws: `.tooManyRequests` when the account has as many as it may have, `.badRequest` for what does not fit.
    @discardableResult
    package func enqueue(_ draft: JobDraft) async throws -> Job {
        guard let job = try await enqueue([draft]).first else {
            throw HubError(.internalError, "The job was not queued.")
        }
        return job
    }

    /// Queues jobs in one transaction, all or none; in place of one whose unique key is taken comes the one that has it.
    /// - Throws: as for one.
    @discardableResult
    package func enqueue(_ drafts: [JobDraft]) async throws -> [Job] {
        guard !drafts.isEmpty else { return [] }
        let prepared = try drafts.map { draft in
            try Self.check(draft)
            let payload = try JSONText.encode(draft.payload)
            guard payload.utf8.count <= Self.maximumPayload else {
                throw HubError(.payloadTooLarge, "What the job for \(draft.subject) is to do takes more than 1 MiB.")
            }
            return (draft: draft, payload: payload)
        }
        let now = clock.now()
        let maximum = activePerAccount
        let jobs = try await database.write { connection in
            var last = try connection.first("SELECT COALESCE(MAX(id), 0) AS id FROM jobs")?.integer("id") ?? 0
            var jobs: [Job] = []
            var new: [Job] = []
            var added: [String: Int] = [:]
            for (draft, payload) in prepared {
                if let key = draft.uniqueKey, let job = try Self.active(key, in: connection) {
                    jobs.append(job)
                    continue
                }
                last += 1
                var draft = draft
                // Jobs of an account go in the order in which they became due.
                draft.notBefore = max(draft.notBefore, now)
                let job = try Self.insert(draft, payload: payload, id: last, now: now, in: connection)
                jobs.append(job)
                new.append(job)
                added[draft.account, default: 0] += 1
            }
            for (account, count) in added {
                try Self.requireRoom(for: account, added: count, maximum: maximum, in: connection)
            }
            if new.count > Self.toldOneByOne, let first = new.first {
                try Self.note(
                    "\(first.draft.kind).queued", subject: first.draft.account,
                    content: .object([.init(key: "jobs", value: .integer(Int64(new.count)))]), job: nil, at: now,
                    in: connection)
            } else {
                for job in new { try Self.note("queued", of: job, at: now, in: connection) }
            }
            return jobs
        }
        signal.raise()
        return jobs
    }

    private static func insert(
        _ draft: JobDraft, payload: String, id: Int64, now: Int64, in connection: any Connection
    ) throws -> Job {
        try connection.execute(
            """
            INSERT INTO jobs (id, kind, subject, unique_key, active_key, account, requested_by, mirror, run_id,
                priority, payload, state, not_before, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)
            """,
            [
                .integer(id), .text(draft.kind), .text(draft.subject), Value(draft.uniqueKey), Value(draft.uniqueKey),
                .text(draft.account), Value(draft.requestedBy), Value(draft.mirror), Value(draft.run),
                Value(draft.priority.rawValue), .text(payload), .integer(draft.notBefore), .integer(now),
                .integer(now),
            ])
        return Job(
            id: id, draft: draft, state: .queued, attempts: 0, waitsFor: nil, progress: JobProgress(), upstream: nil,
            failure: nil, leaseOwner: nil, createdAt: now, startedAt: nil, updatedAt: now, finishedAt: nil)
    }

    private static func requireRoom(
        for account: String, added: Int, maximum: Int, in connection: any Connection
    ) throws {
        let active =
            try connection.first(
                "SELECT COUNT(*) AS count FROM jobs WHERE account = ? AND state IN ('queued', 'running', 'paused')",
                [.text(account)])?.integer("count") ?? 0
        guard active > Int64(maximum) else { return }
        throw HubError(
            .tooManyRequests,
            "'\(account)' has \(active - Int64(added)) jobs that have not ended; \(maximum) are allowed.",
            remedy: "Wait until some have ended, or cancel those that are not needed.", retryAfter: 60)
    }

    private static func check(_ draft: JobDraft) throws {
        let texts: [(String, String?, Int)] = [
            ("kind", draft.kind, 32), ("subject", draft.subject, 512), ("unique key", draft.uniqueKey, 512),
            ("account", draft.account, 128), ("user", draft.requestedBy, 96), ("mirror", draft.mirror, 64),
        ]
        for (name, text, limit) in texts {
            guard let text, text.utf8.count > limit else { continue }
            throw HubError(.badRequest, "The \(name) of a job has at most \(limit) bytes.")
        }
    }

    // MARK: Looking

    /// Nil when there is none, or none any more.
    package func job(_ id: Int64) async throws -> Job? {
        try await database.read { try Self.job(id, in: $0) }
    }

    /// Jobs, newest first, and what to ask with for those after them.
    /// - Throws: `.badRequest` for a cursor that no answer gave.
    package func jobs(_ query: JobQuery) async throws -> (jobs: [Job], next: String?) {
        let limit = min(max(query.limit, 1), 1_000)
        var (condition, arguments) = Self.condition(of: query)
        if let after = query.after {
            guard let id = Int64(after), id > 0 else { throw HubError(.badRequest, "The cursor is none of ours.") }
            condition += " AND id < ?"
            arguments.append(.integer(id))
        }
        let (text, values) = (condition, arguments)
        let jobs = try await database.read { connection in
            try connection.query(
                "SELECT * FROM jobs WHERE \(text) ORDER BY id DESC LIMIT ?", values + [Value(limit + 1)]
            ).map(Self.job)
        }
        guard jobs.count > limit else { return (jobs, nil) }
        let page = Array(jobs.prefix(limit))
        return (page, page.last.map { String($0.id) })
    }

    /// How many jobs a query finds of each state; its cursor and limit do not matter.
    package func counts(_ query: JobQuery = JobQuery()) async throws -> [JobState: Int] {
        let (condition, arguments) = Self.condition(of: query)
        let rows = try await database.read { connection in
            try connection.query(
                "SELECT state, COUNT(*) AS count FROM jobs WHERE \(condition) GROUP BY state", arguments)
        }
        var counts: [JobState: Int] = [:]
        for row in rows {
            guard let state = JobState(rawValue: try row.text("state")) else { continue }
            counts[state] = Int(try row.integer("count"))
        }
        return counts
    }

    /// How far all jobs are that a query finds, taken together; its cursor and limit do not matter.
    package func progress(_ query: JobQuery) async throws -> JobProgress {
        let (condition, arguments) = Self.condition(of: query)
        let columns = Self.progressColumns.map { "CAST(COALESCE(SUM(\($0)), 0) AS BIGINT) AS \($0)" }
        return try await database.read { connection in
            try connection.first(
                "SELECT \(columns.joined(separator: ", ")) FROM jobs WHERE \(condition)", arguments
            ).map(Self.progress) ?? JobProgress()
        }
    }

    /// Files of a job by path.
    package func files(of id: Int64, after path: String? = nil, limit: Int) async throws -> [JobFile] {
        try await database.read { connection in
            try connection.query(
                "SELECT * FROM job_files WHERE job_id = ? AND path > ? ORDER BY path LIMIT ?",
                [.integer(id), .text(path ?? ""), Value(min(max(limit, 1), 10_000))]
            ).map(Self.file)
        }
    }

    private static func condition(of query: JobQuery) -> (String, [Value]) {
        var parts = ["1 = 1"]
        var arguments: [Value] = []
        if !query.states.isEmpty {
            let states = query.states.map(\.rawValue).sorted()
            parts.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            arguments += states.map { .text($0) }
        }
        let texts = [
            ("kind", query.kind), ("mirror", query.mirror), ("account", query.account),
            ("requested_by", query.requestedBy), ("subject", query.subject),
        ]
        for (column, text) in texts {
            guard let text else { continue }
            parts.append("\(column) = ?")
            arguments.append(.text(text))
        }
        if let run = query.run {
            parts.append("run_id = ?")
            arguments.append(.integer(run))
        }
        if let audience = query.audience {
            let marks = audience.accounts.map { _ in " OR account = ?" }.joined()
            parts.append("(requested_by = ?\(marks))")
            arguments.append(.text(audience.user))
            arguments += audience.accounts.map { .text($0) }
        }
        return (parts.joined(separator: " AND "), arguments)
    }
}
