import SQL

/// Keeps when mirrors fetched ahead, what came of it, and what disappeared above.
package struct SyncStore: Sendable {
    let database: any Database
    private let clock: WallClock
    private let identifiers: IdentifierSource

    init(database: any Database, clock: WallClock, identifiers: IdentifierSource) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    private static let runColumns =
        "id, mirror, cause, requested_by, due_at, state, planning_job, report, started_at, finished_at"

    // MARK: Runs

    /// Begins a run.
    /// - Parameter dueAt: when the schedule wanted it; nil for one that somebody asked for.
    /// - Parameter state: `planning`, or `skipped` for one that is over at once.
    /// - Returns: nil when another process began what was due then.
    package func begin(
        _ mirror: String, cause: SyncRun.Cause, dueAt: Int64?, requestedBy: String?, state: SyncRun.State = .planning,
        report: JSONValue? = nil
    ) async throws -> SyncRun? {
        let id = identifiers.next()
        let now = clock.now()
        let text = try report.map(JSONText.encode)
        let finished: Int64? = state == .planning ? nil : now
        return try await database.write { connection in
            if let dueAt {
                let known = try connection.first(
                    "SELECT id FROM sync_runs WHERE mirror = ? AND due_at = ?", [.text(mirror), .integer(dueAt)])
                guard known == nil else { return nil }
            }
            try connection.execute(
                "INSERT INTO sync_runs (\(Self.runColumns)) VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, ?)",
                [
                    .integer(id), .text(mirror), .text(cause.rawValue), Value(requestedBy), Value(dueAt),
                    .text(state.rawValue), Value(text), .integer(now), Value(finished),
                ])
            return SyncRun(
                id: id, mirror: mirror, cause: cause, requestedBy: requestedBy, dueAt: dueAt, state: state,
                planningJob: nil, report: report, startedAt: now, finishedAt: finished)
        }
    }

    /// Notes which job looks for what a run is to bring.
    package func note(planningJob: Int64, of run: Int64) async throws {
        try await database.write { connection in
            try connection.execute(
                "UPDATE sync_runs SET planning_job = ? WHERE id = ?", [.integer(planningJob), .integer(run)])
        }
    }

    /// Moves a run that is not over to another state.
    package func enter(_ state: SyncRun.State, run: Int64) async throws {
        try await database.write { connection in
            try connection.execute(
                "UPDATE sync_runs SET state = ? WHERE id = ? AND finished_at IS NULL",
                [.text(state.rawValue), .integer(run)])
        }
    }

    /// Ends a run; one that is over stays as it is.
    package func finish(_ run: Int64, as state: SyncRun.State, report: JSONValue) async throws {
        let now = clock.now()
        let text = try JSONText.encode(report)
        try await database.write { connection in
            try connection.execute(
                "UPDATE sync_runs SET state = ?, report = ?, finished_at = ? WHERE id = ? AND finished_at IS NULL",
                [.text(state.rawValue), .text(text), .integer(now), .integer(run)])
        }
    }

    package func run(_ id: Int64) async throws -> SyncRun? {
        try await database.read { connection in
            try connection.first("SELECT \(Self.runColumns) FROM sync_runs WHERE id = ?", [.integer(id)])
                .map(Self.run)
        }
    }

    /// Runs, the latest first.
    /// - Parameters:
    ///   - before: only those with smaller ids.
    ///   - limit: at most 200.
    package func runs(of mirror: String? = nil, before: Int64? = nil, limit: Int) async throws -> [SyncRun] {
        var conditions: [String] = ["1 = 1"]
        var arguments: [Value] = []
        if let mirror {
            conditions.append("mirror = ?")
            arguments.append(.text(mirror))
        }
        if let before {
            conditions.append("id < ?")
            arguments.append(.integer(before))
        }
        arguments.append(.integer(Int64(max(0, min(limit, 200)))))
        let (condition, bound) = (conditions.joined(separator: " AND "), arguments)
        return try await database.read { connection in
            try connection.query(
                "SELECT \(Self.runColumns) FROM sync_runs WHERE \(condition) ORDER BY id DESC LIMIT ?", bound
            ).map(Self.run)
        }
    }

    /// Runs that are not over, the oldest first.
    package func openRuns() async throws -> [SyncRun] {
        try await database.read { connection in
            try connection.query(
                "SELECT \(Self.runColumns) FROM sync_runs WHERE finished_at IS NULL ORDER BY id LIMIT 1000"
            ).map(Self.run)
        }
    }

    /// When a mirror's schedule last wanted a run, in milliseconds since 1970; nil for never.
    package func lastDue(of mirror: String) async throws -> Int64? {
        try await database.read { connection in
            try connection.first("SELECT MAX(due_at) AS due FROM sync_runs WHERE mirror = ?", [.text(mirror)])?
                .optionalInteger("due")
        }
    }

    /// Forgets runs that ended before a moment.
    /// - Returns: how many.
    @discardableResult
    package func forgetRuns(before moment: Int64) async throws -> Int {
        try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM sync_outcomes WHERE run_id IN (
                    SELECT id FROM sync_runs WHERE finished_at IS NOT NULL AND finished_at < ?)
                """, [.integer(moment)])
            return try connection.execute(
                "DELETE FROM sync_runs WHERE finished_at IS NOT NULL AND finished_at < ?", [.integer(moment)])
        }
    }

    // MARK: Outcomes

    /// Notes what a run does or did with repositories; the latest word on each counts.
    package func note(_ outcomes: [SyncOutcome], of run: Int64) async throws {
        guard !outcomes.isEmpty else { return }
        let now = clock.now()
        try await database.write { connection in
            for outcome in outcomes {
                try connection.upsert(
                    into: "sync_outcomes",
                    key: [("run_id", .integer(run)), ("subject", .text(outcome.subject))],
                    values: [
                        ("state", .text(outcome.state.rawValue)), ("reason", Value(outcome.reason)),
                        ("job_id", Value(outcome.job)), ("files", .integer(outcome.files)),
                        ("files_failed", .integer(outcome.filesFailed)),
                        ("bytes_fetched", .integer(outcome.bytesFetched)), ("created_at", .integer(now)),
                    ])
            }
        }
    }

    /// What a run did, by the name of the repository.
    /// - Parameter limit: at most 1000.
    package func outcomes(of run: Int64, state: SyncOutcome.State? = nil, after: String? = nil, limit: Int) async throws
        -> [SyncOutcome]
    {
        var condition = "run_id = ? AND subject > ?"
        var arguments: [Value] = [.integer(run), .text(after ?? "")]
        if let state {
            condition += " AND state = ?"
            arguments.append(.text(state.rawValue))
        }
        arguments.append(.integer(Int64(max(0, min(limit, 1_000)))))
        let (whole, bound) = (condition, arguments)
        return try await database.read { connection in
            try connection.query(
                """
                SELECT subject, state, reason, job_id, files, files_failed, bytes_fetched FROM sync_outcomes
                WHERE \(whole) ORDER BY subject LIMIT ?
                """, bound
            ).map { row in
                SyncOutcome(
                    subject: try row.text("subject"),
                    state: SyncOutcome.State(rawValue: try row.text("state")) ?? .failed,
                    reason: try row.optionalText("reason"), job: try row.optionalInteger("job_id"),
                    files: try row.integer("files"), filesFailed: try row.integer("files_failed"),
                    bytesFetched: try row.integer("bytes_fetched"))
            }
        }
    }

    /// How many repositories a run left in which state, and what it moved.
    package func totals(of run: Int64) async throws -> (
        byState: [SyncOutcome.State: Int64], files: Int64, filesFailed: Int64, bytesFetched: Int64
    ) {
        try await database.read { connection in
            var byState: [SyncOutcome.State: Int64] = [:]
            var sums: (files: Int64, failed: Int64, bytes: Int64) = (0, 0, 0)
            for row in try connection.query(
                """
                SELECT state, COUNT(*) AS n, SUM(files) AS files, SUM(files_failed) AS failed,
                    SUM(bytes_fetched) AS bytes
                FROM sync_outcomes WHERE run_id = ? GROUP BY state
                """, [.integer(run)])
            {
                if let state = SyncOutcome.State(rawValue: try row.text("state")) {
                    byState[state] = try row.integer("n")
                }
                sums.files += try row.integer("files")
                sums.failed += try row.integer("failed")
                sums.bytes += try row.integer("bytes")
            }
            return (byState, sums.files, sums.failed, sums.bytes)
        }
    }

    /// The jobs that a run waits for, its own and those that were there before.
    package func openJobs(of run: Int64) async throws -> Int64 {
        try await database.read { connection in
            try connection.first(
                """
                SELECT COUNT(*) AS n FROM sync_outcomes o JOIN jobs j ON j.id = o.job_id
                WHERE o.run_id = ? AND o.state = 'queued' AND j.state IN ('queued', 'running', 'paused')
                """, [.integer(run)])?.integer("n") ?? 0
        }
    }

    /// Jobs of a run that are over and left no word of their own: cancelled, or failed before they began.
    package func silentJobs(of run: Int64) async throws -> [(
        subject: String, job: Int64, state: String, reason: String?
    )] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT o.subject, j.id, j.state, j.failure FROM sync_outcomes o JOIN jobs j ON j.id = o.job_id
                WHERE o.run_id = ? AND o.state = 'queued' AND j.state IN ('succeeded', 'failed', 'cancelled')
                """, [.integer(run)]
            ).map {
                (try $0.text("subject"), try $0.integer("id"), try $0.text("state"), try $0.optionalText("failure"))
            }
        }
    }

    // MARK: Schedules

    /// Since when a mirror's schedule is known as it is, and a number of its own for its jitter.
    package func schedule(of mirror: String, cron: String) async throws -> (since: Int64, seed: Int64) {
        let now = clock.now()
        let known = try await database.read { connection in
            try connection.first("SELECT cron, seed, since FROM sync_schedules WHERE mirror = ?", [.text(mirror)])
        }
        if let known, try known.text("cron") == cron { return (try known.integer("since"), try known.integer("seed")) }
        let seed = try known?.integer("seed") ?? Int64.random(in: 0...Int64(Int32.max))
        try await database.write { connection in
            try connection.upsert(
                into: "sync_schedules", key: [("mirror", .text(mirror))],
                values: [("cron", .text(cron)), ("seed", .integer(seed)), ("since", .integer(now))])
        }
        return (now, seed)
    }

    // MARK: Heads

    /// Notes that all a policy brings of a repository is here, up to a commit of its default branch.
    package func noteSynced(_ key: Int64, commit: CommitID, policy: String) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.upsert(
                into: "synced_heads", key: [("repository_id", .integer(key))],
                values: [("commit_id", .text(commit.hex)), ("policy", .text(policy)), ("synced_at", .integer(now))])
        }
    }

    package func forgetSynced(_ key: Int64) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM synced_heads WHERE repository_id = ?", [.integer(key)])
        }
    }

    /// Up to which commit all that a policy brings of a repository is here.
    package func syncedHead(_ key: Int64, policy: String) async throws -> CommitID? {
        try await database.read { connection in
            try connection.first(
                "SELECT commit_id FROM synced_heads WHERE repository_id = ? AND policy = ?",
                [.integer(key), .text(policy)]
            ).flatMap { CommitID(try $0.text("commit_id")) }
        }
    }

    // MARK: Absences

    /// Notes that a repository is not to be had above; since when stays as it was first noted.
    package func note(
        _ state: MirrorAbsence.State, _ treatment: MirrorAbsence.Treatment, message: String, of key: Int64
    ) async throws {
        let now = clock.now()
        try await database.write { connection in
            let known = try connection.first(
                "SELECT since FROM mirror_absences WHERE repository_id = ?", [.integer(key)])
            try connection.upsert(
                into: "mirror_absences", key: [("repository_id", .integer(key))],
                values: [
                    ("state", .text(state.rawValue)), ("treatment", .text(treatment.rawValue)),
                    ("message", .text(message)), ("since", .integer(try known?.integer("since") ?? now)),
                ])
        }
    }

    /// It is to be had again.
    package func forgetAbsence(of key: Int64) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM mirror_absences WHERE repository_id = ?", [.integer(key)])
        }
    }

    /// All absences, by the keys of repositories.
    package func absences() async throws -> [Int64: MirrorAbsence] {
        try await database.read { connection in
            var absences: [Int64: MirrorAbsence] = [:]
            try connection.forEach(
                "SELECT repository_id, state, treatment, message, since FROM mirror_absences"
            ) { row in
                absences[try row.integer("repository_id")] = MirrorAbsence(
                    state: MirrorAbsence.State(rawValue: try row.text("state")) ?? .gone,
                    treatment: MirrorAbsence.Treatment(rawValue: try row.text("treatment")) ?? .keep,
                    message: try row.text("message"), since: try row.integer("since"))
                return true
            }
            return absences
        }
    }

    // MARK: Repositories

    /// The mirrored repositories that came by a mirror, by their names there.
    package func mirrored(by mirror: String) async throws -> [(
        key: Int64, id: RepositoryID, upstream: String, path: String
    )] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT id, kind, namespace, name, upstream, upstream_path FROM repositories
                WHERE origin = 'mirror' AND mirror = ? ORDER BY id
                """, [.text(mirror)]
            ).compactMap { row in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")),
                    let id = RepositoryID(
                        kind: kind, namespace: try row.text("namespace"), name: try row.text("name"))
                else { return nil }
                return (
                    try row.integer("id"), id, try row.optionalText("upstream") ?? "",
                    try row.optionalText("upstream_path") ?? id.path
                )
            }
        }
    }

    /// Mirrored repositories of which the upstream told a change that has not been looked at, the longest known first.
    /// - Parameter limit: at most 1000.
    package func changed(in mirror: String, limit: Int) async throws -> [(
        key: Int64, id: RepositoryID, path: String, changedAt: Int64
    )] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT r.id, r.kind, r.namespace, r.name, r.upstream_path, s.changed_at
                FROM repositories r JOIN mirror_states s ON s.repository_id = r.id
                WHERE r.origin = 'mirror' AND r.mirror = ? AND s.changed_at IS NOT NULL ORDER BY s.changed_at LIMIT ?
                """, [.text(mirror), .integer(Int64(max(0, min(limit, 1_000))))]
            ).compactMap { row in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")),
                    let id = RepositoryID(
                        kind: kind, namespace: try row.text("namespace"), name: try row.text("name"))
                else { return nil }
                return (
                    try row.integer("id"), id, try row.optionalText("upstream_path") ?? id.path,
                    try row.integer("changed_at")
                )
            }
        }
    }

    private static func run(_ row: Row) throws -> SyncRun {
        SyncRun(
            id: try row.integer("id"), mirror: try row.text("mirror"),
            cause: SyncRun.Cause(rawValue: try row.text("cause")) ?? .request,
            requestedBy: try row.optionalText("requested_by"), dueAt: try row.optionalInteger("due_at"),
            state: SyncRun.State(rawValue: try row.text("state")) ?? .failed,
            planningJob: try row.optionalInteger("planning_job"),
            report: try row.optionalText("report").flatMap(JSONText.decode), startedAt: try row.integer("started_at"),
            finishedAt: try row.optionalInteger("finished_at"))
    }
}

extension Hub {
    /// Keeps what mirrors fetched ahead.
    package var sync: SyncStore {
        SyncStore(database: database, clock: clock, identifiers: IdentifierSource(clock: clock))
    }
}
