import SQL

/// Who does which job. Each lease has an epoch; a write of a holder counts only under its own epoch and before its end
/// (F15), so that no two processes on one database own one job.
extension JobStore {
    /// The job that goes next, and what it competes with.
    package struct Candidate: Sendable {
        package let id: Int64
        package let account: String
        package let priority: JobPriority
        /// How many jobs of its account run now.
        package let running: Int
    }

    /// What a holder finds its job to be.
    package enum Standing: Sendable, Equatable {
        case held
        /// Somebody changed its state; the lease is still the holder's to give back.
        case stopped(JobState)
        /// It is somebody else's, or the lease ran out.
        case lost
    }

    /// What would be claimed next: by priority, then of the account with the fewest running jobs, then what has been
    /// due for longest.
    ///
    /// The cost grows with the number of accounts that wait, not with that of jobs (S79).
    package func next() async throws -> Candidate? {
        let now = clock.now()
        return try await database.read { try Self.next(now: now, in: $0) }
    }

    /// Leases the job that goes next.
    /// - Parameters:
    ///   - owner: unique to the process and its start.
    ///   - lease: milliseconds.
    package func claim(by owner: String, lease: Int64) async throws -> JobLease? {
        let now = clock.now()
        // Most looks find nothing, and need no write lock.
        guard try await database.read({ try Self.next(now: now, in: $0) }) != nil else { return nil }
        let claimed = try await database.write { [identifiers] connection -> JobLease? in
            guard let candidate = try Self.next(now: now, in: connection) else { return nil }
            let changed = try connection.execute(
                """
                UPDATE jobs SET state = 'running', lease_owner = ?, lease_epoch = lease_epoch + 1, lease_until = ?,
                    waits_for = NULL, started_at = COALESCE(started_at, ?), updated_at = ?
                WHERE id = ? AND state = 'queued' AND lease_owner IS NULL
                """,
                [.text(owner), .integer(now + lease), .integer(now), .integer(now), .integer(candidate.id)])
            guard changed == 1,
                let row = try connection.first("SELECT * FROM jobs WHERE id = ?", [.integer(candidate.id)])
            else { return nil }
            let job = try Self.job(row)
            try Self.note(
                "started", of: job, [.init(key: "attempt", value: .integer(Int64(job.attempts + 1)))], at: now,
                in: connection)
            try Self.tellWebhooks("started", of: job, at: now, identifiers: identifiers, in: connection)
            return JobLease(job: job, owner: owner, epoch: try row.integer("lease_epoch"))
        }
        if claimed != nil { signal.raise() }
        return claimed
    }

    private static func next(now: Int64, in connection: any Connection) throws -> Candidate? {
        var running: [String: Int] = [:]
        // Counted here: asked to group, the database would read the accounts of all jobs.
        try connection.forEach("SELECT account FROM jobs WHERE lease_owner > ''") { row in
            running[try row.text("account"), default: 0] += 1
            return true
        }
        for priority in JobPriority.allCases.sorted() {
            var best: (candidate: Candidate, due: Int64)?
            var account = ""
            while let row = try connection.first(
                """
                SELECT MIN(account) AS account FROM jobs WHERE state = 'queued' AND priority = ? AND account > ?
                """, [Value(priority.rawValue), .text(account)]), let name = try row.optionalText("account")
            {
                account = name
                let count = running[name] ?? 0
                if let best, best.candidate.running < count { continue }
                let oldest = try connection.first(
                    """
                    SELECT id, not_before FROM jobs WHERE state = 'queued' AND priority = ? AND account = ?
                    AND not_before <= ? AND lease_owner IS NULL ORDER BY not_before, id LIMIT 1
                    """, [Value(priority.rawValue), .text(name), .integer(now)])
                guard let oldest else { continue }
                let candidate = Candidate(
                    id: try oldest.integer("id"), account: name, priority: priority, running: count)
                let due = try oldest.integer("not_before")
                if let best, best.candidate.running == count, (best.due, best.candidate.id) < (due, candidate.id) {
                    continue
                }
                best = (candidate, due)
            }
            if let best { return best.candidate }
        }
        return nil
    }

    /// Keeps leases for longer. Those that ran out, or are somebody else's, stay as they are.
    package func renew(_ leases: [JobLease], for lease: Int64) async throws {
        guard !leases.isEmpty else { return }
        let now = clock.now()
        try await database.write { connection in
            for held in leases {
                try connection.execute(
                    "UPDATE jobs SET lease_until = ? WHERE \(Self.isHeld)",
                    [.integer(now + lease)] + Self.holding(held, now))
            }
        }
    }

    /// How the holders' jobs stand now; a read.
    package func standing(of leases: [JobLease]) async throws -> [Int64: Standing] {
        guard !leases.isEmpty else { return [:] }
        let now = clock.now()
        return try await database.read { connection in
            var standings: [Int64: Standing] = [:]
            for held in leases {
                let row = try connection.first(
                    "SELECT state FROM jobs WHERE \(Self.isHeld)", Self.holding(held, now))
                guard let row, let state = JobState(rawValue: try row.text("state")) else {
                    standings[held.job.id] = .lost
                    continue
                }
                standings[held.job.id] = state == .running ? .held : .stopped(state)
            }
            return standings
        }
    }

    /// Ends a lease, and says how the attempt ended unless somebody has stopped the job meanwhile.
    /// - Throws: `JobLeaseLost`.
    @discardableResult
    package func finish(_ held: JobLease, _ outcome: JobOutcome) async throws -> Job {
        let now = clock.now()
        let job = try await database.write { [identifiers] connection in
            let (assignments, arguments, event, members) = Self.consequences(of: outcome, now: now)
            let ended = try connection.execute(
                """
                UPDATE jobs SET lease_owner = NULL, lease_until = NULL, updated_at = ?, \(assignments)
                WHERE state = 'running' AND \(Self.isHeld)
                """, [.integer(now)] + arguments + Self.holding(held, now))
            if ended == 0 {
                let released = try connection.execute(
                    "UPDATE jobs SET lease_owner = NULL, lease_until = NULL, updated_at = ? WHERE \(Self.isHeld)",
                    [.integer(now)] + Self.holding(held, now))
                guard released == 1 else { throw JobLeaseLost(job: held.job.id) }
            }
            guard let job = try Self.job(held.job.id, in: connection) else { throw JobLeaseLost(job: held.job.id) }
            if ended == 1 {
                try Self.note(event, of: job, members, at: now, in: connection)
                try Self.tellWebhooks(event, of: job, members, at: now, identifiers: identifiers, in: connection)
            }
            // A file of which nobody fetches is none that is being fetched.
            try connection.execute(
                "UPDATE job_files SET state = 'waiting' WHERE job_id = ? AND state = 'fetching'",
                [.integer(job.id)])
            return job
        }
        signal.raise()
        return job
    }

    private static func consequences(
        of outcome: JobOutcome, now: Int64
    ) -> (assignments: String, arguments: [Value], event: String, members: [JSONValue.Member]) {
        switch outcome {
        case .succeeded:
            return (
                """
                state = 'succeeded', active_key = NULL, waits_for = NULL, failure_code = NULL, failure = NULL,
                    finished_at = ?
                """, [.integer(now)], "succeeded", []
            )
        case .failed(let error):
            let message = String(error.line.prefix(4_000))
            return (
                """
                state = 'failed', active_key = NULL, waits_for = NULL, attempts = attempts + 1, failure_code = ?,
                    failure = ?, finished_at = ?
                """, [.text(error.code.rawValue), .text(message), .integer(now)], "failed",
                [
                    .init(key: "code", value: .string(error.code.rawValue)),
                    .init(key: "message", value: .string(message)),
                ]
            )
        case .again(let time, let why, let counts, let startsAnew):
            let attempts = (startsAnew ? "0" : "attempts") + (counts ? " + 1" : "")
            return (
                "state = 'queued', waits_for = ?, not_before = ?, attempts = \(attempts)",
                [.text(String(why.prefix(4_000))), .integer(time)], "waiting",
                [
                    .init(key: "why", value: .string(why)),
                    .init(key: "until", value: .string(JSONDate.text(milliseconds: time))),
                ]
            )
        case .released(let why):
            return (
                "state = 'queued', waits_for = ?", [Value(why)], "released",
                [.init(key: "why", value: why.map { .string($0) } ?? .null)]
            )
        }
    }

    // MARK: Leases of the dead

    /// Owners of leases, other than one.
    package func owners(otherThan owner: String) async throws -> [String] {
        try await database.read { connection in
            try connection.query(
                "SELECT DISTINCT lease_owner FROM jobs WHERE lease_owner > '' AND lease_owner <> ?",
                [.text(owner)]
            ).map { try $0.text("lease_owner") }
        }
    }

    /// Takes leases away that ran out, and all of owners that are known to be gone: their jobs go back into the queue.
    /// - Parameter lease: milliseconds that leases last. One that lasts for much longer was made before the clock was
    ///   set back.
    /// - Returns: how many.
    @discardableResult
    package func reclaim(from dead: [String] = [], lease: Int64) async throws -> Int {
        let now = clock.now()
        let condition =
            "lease_owner > '' AND (lease_until < ? OR lease_until > ?"
            + dead.map { _ in " OR lease_owner = ?" }.joined() + ")"
        let arguments: [Value] = [.integer(now), .integer(now + 4 * lease)] + dead.map { .text($0) }
        let isAny = try await database.read { connection in
            try connection.first("SELECT id FROM jobs WHERE \(condition) LIMIT 1", arguments) != nil
        }
        guard isAny else { return 0 }
        let count = try await database.write { connection in
            let jobs = try connection.query("SELECT * FROM jobs WHERE \(condition)", arguments).map(Self.job)
            for job in jobs {
                try connection.execute(
                    """
                    UPDATE jobs SET lease_owner = NULL, lease_until = NULL, lease_epoch = lease_epoch + 1,
                        state = CASE WHEN state = 'running' THEN 'queued' ELSE state END, updated_at = ? WHERE id = ?
                    """, [.integer(now), .integer(job.id)])
                try connection.execute(
                    "UPDATE job_files SET state = 'waiting' WHERE job_id = ? AND state = 'fetching'",
                    [.integer(job.id)])
                if job.state == .running { try Self.note("interrupted", of: job, at: now, in: connection) }
            }
            return jobs.count
        }
        signal.raise()
        return count
    }

    // MARK: What a holder writes

    /// Says which files a job is about. What was done stays done.
    /// - Returns: the files as they stand.
    /// - Throws: `JobLeaseLost`.
    package func plan(_ files: [JobFile], of held: JobLease) async throws -> [JobFile] {
        let now = clock.now()
        return try await database.write { connection in
            try Self.requireHeld(held, now: now, in: connection)
            let id = held.job.id
            var earlier: [String: JobFile] = [:]
            try connection.forEach("SELECT * FROM job_files WHERE job_id = ?", [.integer(id)]) { row in
                let file = try Self.file(row)
                earlier[file.path] = file
                return true
            }
            var planned: [JobFile] = []
            var seen: Set<String> = []
            for file in files where seen.insert(file.path).inserted {
                guard let old = earlier.removeValue(forKey: file.path) else {
                    try Self.write(file, of: id, in: connection)
                    planned.append(file)
                    continue
                }
                if old.state == .done, old.digest == file.digest, old.size == file.size {
                    planned.append(old)
                } else {
                    if old != file { try Self.write(file, of: id, in: connection) }
                    planned.append(file)
                }
            }
            for path in earlier.keys {
                try connection.execute(
                    "DELETE FROM job_files WHERE job_id = ? AND path = ?", [.integer(id), .text(path)])
            }
            return planned
        }
    }

    /// Says how far a job is.
    /// - Parameter files: those that changed.
    /// - Throws: `JobLeaseLost`.
    package func write(
        _ progress: JobProgress, files: [JobFile], upstream: String?, waitsFor: String?, of held: JobLease
    ) async throws {
        let now = clock.now()
        try await database.write { connection in
            let columns = Self.progressColumns.map { "\($0) = ?" }.joined(separator: ", ")
            let written = try connection.execute(
                """
                UPDATE jobs SET \(columns), upstream = ?, updated_at = ?,
                    waits_for = CASE WHEN state = 'running' THEN ? ELSE waits_for END
                WHERE \(Self.isHeld)
                """,
                Self.values(of: progress) + [
                    Value(upstream.map { String($0.prefix(64)) }), .integer(now),
                    Value(waitsFor.map { String($0.prefix(4_000)) }),
                ] + Self.holding(held, now))
            guard written == 1 else { throw JobLeaseLost(job: held.job.id) }
            for file in files { try Self.write(file, of: held.job.id, in: connection) }
        }
    }

    private static let isHeld = "id = ? AND lease_owner = ? AND lease_epoch = ? AND lease_until >= ?"

    private static func holding(_ held: JobLease, _ now: Int64) -> [Value] {
        [.integer(held.job.id), .text(held.owner), .integer(held.epoch), .integer(now)]
    }

    private static func requireHeld(_ held: JobLease, now: Int64, in connection: any Connection) throws {
        guard try connection.first("SELECT id FROM jobs WHERE \(isHeld)", holding(held, now)) != nil else {
            throw JobLeaseLost(job: held.job.id)
        }
    }
}
