import SQL

/// What people do with jobs. Doing what is done already changes nothing.
extension JobStore {
    /// Stops a job until it is resumed. Who does it lets go within a second or so; what was fetched stays.
    /// - Throws: `.notFound`, `.conflict` when it has ended.
    @discardableResult
    package func pause(_ id: Int64, by user: String? = nil) async throws -> Job {
        try await change(id, "paused", by: user) { job, _ in
            switch job.state {
            case .queued, .running:
                ("state = 'paused', waits_for = ?", [.text("Paused\(Self.byWhom(user)) until it is resumed.")])
            case .paused: nil
            case .succeeded, .failed, .cancelled: throw Self.hasEnded(job, "cannot be paused")
            }
        }
    }

    /// Lets a paused job go on.
    /// - Throws: `.notFound`, `.conflict` when it has ended.
    @discardableResult
    package func resume(_ id: Int64, by user: String? = nil) async throws -> Job {
        try await change(id, "resumed", by: user) { job, _ in
            switch job.state {
            case .paused: ("state = 'queued', waits_for = NULL", [])
            case .queued, .running: nil
            case .succeeded, .failed, .cancelled: throw Self.hasEnded(job, "cannot be resumed", "Retry it.")
            }
        }
    }

    /// Ends a job for good. What was fetched stays, and is not asked for again by a later one.
    /// - Throws: `.notFound`, `.conflict` when it succeeded or failed before.
    @discardableResult
    package func cancel(_ id: Int64, by user: String? = nil) async throws -> Job {
        try await change(id, "cancelled", by: user) { job, now in
            switch job.state {
            case .queued, .running, .paused:
                (
                    "state = 'cancelled', active_key = NULL, waits_for = NULL, finished_at = ?", [.integer(now)]
                )
            case .cancelled: nil
            case .succeeded, .failed: throw Self.hasEnded(job, "cannot be cancelled")
            }
        }
    }

    /// Has a job that failed or was cancelled done again, and one that waits for its next attempt now.
    /// - Throws: `.notFound`, `.conflict` when it succeeded, is paused, or another does the same by now.
    @discardableResult
    package func retry(_ id: Int64, by user: String? = nil) async throws -> Job {
        try await change(id, "retried", by: user) { job, now in
            switch job.state {
            case .failed, .cancelled:
                return (
                    """
                    state = 'queued', active_key = unique_key, attempts = 0, not_before = ?, waits_for = NULL,
                        failure_code = NULL, failure = NULL, finished_at = NULL
                    """, [.integer(now)]
                )
            case .queued where job.draft.notBefore > now || job.waitsFor != nil:
                return ("attempts = 0, not_before = ?, waits_for = NULL", [.integer(min(now, job.draft.notBefore))])
            case .queued, .running: return nil
            case .paused: throw HubError(.conflict, "The job \(job.id) is paused.", remedy: "Resume it.")
            case .succeeded: throw Self.hasEnded(job, "cannot be retried", "Ask for the work anew.")
            }
        }
    }

    /// Moves a job before or behind others.
    /// - Throws: `.notFound`, `.conflict` when it has ended.
    @discardableResult
    package func prioritise(_ id: Int64, to priority: JobPriority, by user: String? = nil) async throws -> Job {
        try await change(id, "prioritised", by: user) { job, _ in
            guard !job.state.isTerminal else { throw Self.hasEnded(job, "cannot be moved") }
            guard job.draft.priority != priority else { return nil }
            return ("priority = ?", [Value(priority.rawValue)])
        }
    }

    /// - Parameter decide: what to set, with arguments; nil when nothing changes.
    private func change(
        _ id: Int64, _ event: String, by user: String?,
        _ decide: @escaping @Sendable (Job, Int64) throws -> (String, [Value])?
    ) async throws -> Job {
        let now = clock.now()
        let job = try await database.write { connection in
            guard let job = try Self.job(id, in: connection) else { throw Self.isMissing(id) }
            guard let (assignments, arguments) = try decide(job, now) else { return job }
            // Whoever asks again while another job does the same would do it twice.
            if event == "retried", job.state.isTerminal, let key = job.draft.uniqueKey,
                let other = try Self.active(key, in: connection)
            {
                throw HubError(.conflict, "The job \(other.id) does the same as \(id).", remedy: "Watch that one.")
            }
            let changed = try connection.execute(
                "UPDATE jobs SET \(assignments), updated_at = ? WHERE id = ? AND state = ?",
                arguments + [.integer(now), .integer(id), .text(job.state.rawValue)])
            guard changed == 1, let after = try Self.job(id, in: connection) else {
                throw HubError(.conflict, "The job \(id) has just changed.", remedy: "Try again.")
            }
            try Self.note(
                event, of: after,
                [
                    .init(key: "by", value: user.map { .string($0) } ?? .null),
                    .init(key: "priority", value: .string("\(after.draft.priority)")),
                ], at: now, in: connection)
            return after
        }
        signal.raise()
        return job
    }

    static func isMissing(_ id: Int64) -> HubError { HubError(.notFound, "There is no job \(id).") }

    private static func hasEnded(_ job: Job, _ what: String, _ remedy: String? = nil) -> HubError {
        HubError(.conflict, "The job \(job.id) has \(job.state.pastText) and \(what).", remedy: remedy)
    }

    private static func byWhom(_ user: String?) -> String { user.map { " by \($0)" } ?? "" }
}

extension JobState {
    fileprivate var pastText: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .cancelled: "been cancelled"
        case .queued, .running, .paused: "not ended"
        }
    }
}
