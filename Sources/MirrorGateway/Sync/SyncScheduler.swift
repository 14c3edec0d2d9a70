import HubCore
import Logging
import Policies
import ServiceLifecycle

/// Begins what is due by the schedules of mirrors, follows what upstreams tell of what is mirrored, and ends runs whose
/// jobs are over. Any number of processes may do it on one database.
package struct SyncScheduler: Service {
    let parts: SyncService.Parts
    let interval: Duration
    private let followed = FollowedChanges()

    init(_ parts: SyncService.Parts, interval: Duration) {
        self.parts = parts
        self.interval = interval
    }

    /// How long ended runs are remembered.
    private static let memory: Int64 = 90 * 86_400_000
    /// A run whose planning never began, because its process ended in between, is planned again after this.
    private static let patience: Int64 = 60_000

    package func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await tick()
            // Returns early when the service is asked to stop.
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }
        }
    }

    /// Does what is to be done now.
    func tick() async {
        await attempt("absences could not be read") { try await parts.absences.reload() }
        await attempt("runs could not be ended") { try await endRuns() }
        await attempt("old runs could not be forgotten") {
            try await parts.runs.forgetRuns(before: parts.planner.hub.clock.now() - Self.memory)
        }
        for mirror in parts.planner.policies.current.mirrors where mirror.document.mode == .mirror {
            await attempt("a schedule could not be kept", mirror.name) { try await begin(mirror) }
            await attempt("changes could not be followed", mirror.name) { try await follow(mirror) }
        }
    }

    private func attempt(_ what: String, _ mirror: String? = nil, _ work: () async throws -> Void) async {
        do {
            try await work()
        } catch {
            parts.logger.warning("\(what)", metadata: ["mirror": "\(mirror ?? "all")", "error": "\(error)"])
        }
    }

    // MARK: Schedules

    /// Begins the last run that is due and was not begun; whatever was missed before it, while nobody was there, is one
    /// run.
    private func begin(_ mirror: ConnectedMirror) async throws {
        guard let schedule = mirror.document.schedule, let times = ScheduleTimes(schedule) else { return }
        let now = parts.planner.hub.clock.now()
        let known = try await parts.runs.schedule(
            of: mirror.name, cron: "\(schedule.cron.text) \(schedule.timezone)")
        guard let due = times.latest(notAfter: now / 60_000).map({ $0 * 60_000 }), due >= known.since,
            due > (try await parts.runs.lastDue(of: mirror.name) ?? 0),
            due + Self.delay(due, seed: known.seed, within: schedule.jitter) <= now
        else { return }
        if schedule.singleActive, let active = try await active(mirror.name) {
            let reason =
                "run \(active.id), which began at \(JSONDate.text(milliseconds: active.startedAt)), still goes on"
            _ = try await parts.runs.begin(
                mirror.name, cause: .schedule, dueAt: due, requestedBy: nil, state: .skipped,
                report: .object([.init(key: "reason", value: .string(reason))]))
            parts.logger.notice("a run was skipped", metadata: ["mirror": "\(mirror.name)", "reason": "\(reason)"])
            return
        }
        guard let run = try await parts.runs.begin(mirror.name, cause: .schedule, dueAt: due, requestedBy: nil) else {
            // Another process was first.
            return
        }
        let job = try await enqueue(run)
        parts.logger.notice(
            "a run began", metadata: ["mirror": "\(mirror.name)", "run": "\(run.id)", "job": "\(job.id)"])
    }

    private func enqueue(_ run: SyncRun) async throws -> Job {
        let request = SyncRequest(mirror: run.mirror, account: "mirror:\(run.mirror)", requestedBy: run.requestedBy)
        return try await SyncService.enqueue(
            run, SyncOrder(mirror: run.mirror, repository: nil, request: request), request, parts)
    }

    private func active(_ mirror: String) async throws -> SyncRun? {
        try await parts.runs.openRuns().first { $0.mirror == mirror }
    }

    /// Milliseconds after its time at which a run begins: another each time, and the same for all who keep the schedule.
    static func delay(_ due: Int64, seed: Int64, within jitter: Duration) -> Int64 {
        let most = jitter.milliseconds
        guard most > 0 else { return 0 }
        var state = UInt64(bitPattern: due ^ (seed << 20))
        // splitmix64
        state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int64((state ^ (state >> 31)) % UInt64(most))
    }

    // MARK: Changes

    private func follow(_ mirror: ConnectedMirror) async throws {
        let order = SyncOrder(
            mirror: mirror.name, repository: nil, request: SyncRequest(account: "mirror:\(mirror.name)"))
        let base = JobDraft(
            kind: SyncRunner.kind, subject: "", account: "mirror:\(mirror.name)", mirror: mirror.name, payload: .null)
        let changed = try await parts.runs.changed(in: mirror.name, limit: 500)
        // A change that a job could not bring is not tried again until the next run, or another change.
        let new = await followed.new(changed.map { ($0.key, $0.changedAt) })
        let drafts = changed.filter { new.contains($0.key) }.map { change in
            SyncRunPlanner.draft(
                UpstreamPath(kind: change.id.kind, path: change.path), order, subject: change.id.description, run: nil,
                of: base)
        }
        try await parts.jobs.enqueue(drafts)
    }

    // MARK: Ends

    private func endRuns() async throws {
        for run in try await parts.runs.openRuns() {
            guard let planning = run.planningJob else {
                if parts.planner.hub.clock.now() - run.startedAt > Self.patience { _ = try await enqueue(run) }
                continue
            }
            guard let job = try await parts.jobs.job(planning) else {
                try await parts.runs.finish(run.id, as: .failed, report: Self.reason("its planning was forgotten"))
                continue
            }
            switch job.state {
            case .queued, .running, .paused: continue
            case .failed:
                try await parts.runs.finish(
                    run.id, as: .failed, report: Self.reason(job.failure?.message ?? "it could not be planned"))
            case .cancelled:
                try await parts.runs.finish(run.id, as: .cancelled, report: Self.reason("it was cancelled"))
            case .succeeded: try await end(run)
            }
        }
    }

    private func end(_ run: SyncRun) async throws {
        guard try await parts.runs.openJobs(of: run.id) == 0 else { return }
        let silent = try await parts.runs.silentJobs(of: run.id).map { job in
            SyncOutcome(
                subject: job.subject, state: job.state == "succeeded" ? .current : .failed,
                reason: job.reason ?? (job.state == "cancelled" ? "its job was cancelled" : nil), job: job.job)
        }
        try await parts.runs.note(silent, of: run.id)
        let totals = try await parts.runs.totals(of: run.id)
        var members = SyncOutcome.State.allCases.map { state in
            JSONValue.Member(key: state.rawValue, value: .integer(totals.byState[state] ?? 0))
        }
        members += [
            .init(key: "files", value: .integer(totals.files)),
            .init(key: "filesFailed", value: .integer(totals.filesFailed)),
            .init(key: "bytesFetched", value: .integer(totals.bytesFetched)),
        ]
        try await parts.runs.finish(run.id, as: .finished, report: .object(members))
        try await parts.jobs.note(
            event: "sync.finished", subject: "mirror:\(run.mirror)",
            content: .object([.init(key: "run", value: .integer(run.id))] + members))
    }

    private static func reason(_ text: String) -> JSONValue { .object([.init(key: "reason", value: .string(text))]) }
}

/// Changes for which a job was queued.
private actor FollowedChanges {
    private var known: [Int64: Int64] = [:]

    /// Of repositories with the times of their changes, those that are new.
    func new(_ changes: [(key: Int64, at: Int64)]) -> Set<Int64> {
        var new: Set<Int64> = []
        for change in changes where known[change.key] != change.at {
            known[change.key] = change.at
            new.insert(change.key)
        }
        // What is looked at by now need not be remembered.
        let still = Set(changes.map(\.key))
        if changes.count < 500 { known = known.filter { still.contains($0.key) } }
        return new
    }
}
