package import HubCore
import Logging
import Policies

/// Selective mirroring: what is to come is decided, listed, and handed to jobs.
package struct SyncService: Sendable {
    /// What a hub with mirrors has.
    struct Parts: Sendable {
        let planner: SyncPlanner
        let selection: SyncSelection
        let runner: SyncRunner
        let runPlanner: SyncRunPlanner
        let jobs: JobStore
        let runs: SyncStore
        let absences: AbsenceRegister
        let isOffline: Bool
        let logger: Logger
    }

    private let parts: Parts?
    /// Repositories of a plan that are looked at at the same time.
    private static let width = 4

    /// - Parameter parts: nil for a hub without policy files, which mirrors nothing.
    init(_ parts: Parts?) { self.parts = parts }

    /// - Parameter source: nil, as `policies` and `standing` are then, for a hub without policy files.
    init(
        hub: Hub, policies: PolicyEngine?, source: MirrorSource?, repositories: RepositoryService,
        standing: StandingFacts?, absences: AbsenceRegister, licensing: Licensing? = nil,
        approvals: ApprovalRegister? = nil, isOffline: Bool,
        logger: Logger
    ) {
        guard let policies, let source, let standing else {
            parts = nil
            return
        }
        let planner = SyncPlanner(
            hub: hub, policies: policies, source: source, known: standing.known, standing: standing,
            licensing: licensing, approvals: approvals)
        let selection = SyncSelection(policies: policies, known: standing.known)
        let runs = hub.sync
        parts = Parts(
            planner: planner, selection: selection,
            runner: SyncRunner(
                planner: planner, selection: selection, absences: absences, repositories: repositories, runs: runs,
                logger: logger),
            runPlanner: SyncRunPlanner(planner: planner, selection: selection, runs: runs, jobs: hub.jobs),
            jobs: hub.jobs, runs: runs, absences: absences, isOffline: isOffline, logger: logger)
    }

    /// Keeps the schedules of mirrors; nil where nothing is fetched ahead.
    package func scheduler(interval: Duration) -> SyncScheduler? {
        parts.flatMap { $0.isOffline ? nil : SyncScheduler($0, interval: interval) }
    }

    /// What does the jobs that this enqueues.
    package var handlers: [any JobHandler] { parts.map { [$0.runner, $0.runPlanner] } ?? [] }

    /// Whether a mirrored repository is still to be had above; nil for what is, as far as anybody noticed.
    package func absence(of repository: Repository) -> MirrorAbsence? { parts?.absences.absence(of: repository.key) }

    /// When mirrors fetched ahead.
    package var runs: SyncStore? { parts?.runs }

    var core: Parts? { parts }

    /// What a sync would bring, without moving content of upstreams that can be listed.
    /// - Throws: `.notFound` for a mirror or repository that no policy file holds, `.policyDenied`, `.badRequest`,
    ///   `.offline`, what keeps the upstream of a named repository from answering.
    package func plan(_ request: SyncRequest) async throws -> SyncPlan {
        let parts = try available()
        let urgency: EgressUrgency = request.repository == nil ? .sync : .urgentSync
        return try await EgressUrgency.$current.withValue(urgency) {
            let digest = parts.planner.policies.current.digest
            let entries =
                if let repository = request.repository {
                    [try await entry(repository, request, parts)]
                } else {
                    try await entries(try Self.mirrorName(request), request, parts)
                }
            return SyncPlan(
                entries, policyDigest: digest, now: parts.planner.hub.clock.now() / 1_000,
                limits: { mirror, upstream in Self.limits(of: upstream, in: mirror, parts) })
        }
    }

    /// Has it fetched. One repository is one job; a whole mirror is a job that enqueues one for each repository.
    /// - Returns: the jobs, some of which may have been there before.
    /// - Throws: as `plan`, but for what upstreams say.
    package func start(_ request: SyncRequest) async throws -> [Job] {
        let parts = try available()
        guard let repository = request.repository else {
            return [try await startRun(try Self.mirrorName(request), request, parts)]
        }
        let mirror = try await mirror(of: repository, request, parts)
        var candidate = try parts.selection.candidate(repository, of: mirror)
        candidate.known = try await parts.planner.known.known(
            candidate.path, mirror: mirror.name, upstreams: mirror.upstreams.map(\.name))
        if let problem = try await parts.planner.conflict(candidate, try await parts.planner.stored(repository)) {
            throw HubError(.conflict, "\(repository) cannot be fetched: \(problem).")
        }
        var order = SyncOrder(mirror: mirror.name, repository: candidate.path, request: request)
        order.isNamed = isFree(candidate, request, parts)
        let decided = parts.planner.policies.current.snapshot.select(
            mirror: mirror.document, facts: parts.planner.overview(candidate))
        if let refusal = HubError(refusing: decided.decision) { throw refusal }
        let base = JobDraft(
            kind: SyncRunner.kind, subject: "", account: request.account, requestedBy: request.requestedBy,
            priority: request.priority, payload: .null)
        let draft = SyncRunPlanner.draft(
            candidate.path, order, subject: repository.description, run: nil, of: base)
        let job = try await parts.jobs.enqueue(draft)
        // Somebody waits for what a schedule had put at the end.
        guard request.priority < job.draft.priority, !job.state.isTerminal else { return [job] }
        return [try await parts.jobs.prioritise(job.id, to: request.priority, by: request.requestedBy)]
    }

    // MARK: One repository

    private func entry(_ repository: RepositoryID, _ request: SyncRequest, _ parts: Parts) async throws
        -> SyncPlan.Entry
    {
        let mirror = try await mirror(of: repository, request, parts)
        var candidate = try parts.selection.candidate(repository, of: mirror)
        candidate.known = try await parts.planner.known.known(
            candidate.path, mirror: mirror.name, upstreams: mirror.upstreams.map(\.name))
        candidate.isNamed = isFree(candidate, request, parts)
        var order = SyncOrder(mirror: mirror.name, repository: candidate.path, request: request)
        order.isNamed = candidate.isNamed
        return try await parts.planner.entry(candidate, order: order)
    }

    /// Whether the request alone says what comes of a repository: its mirror fetches nothing by rules, they do not name it,
    /// or the request says which files.
    private func isFree(_ candidate: SyncCandidate, _ request: SyncRequest, _ parts: Parts) -> Bool {
        guard candidate.mirror.document.mode == .mirror, request.files.isEmpty else { return true }
        return !parts.planner.policies.current.snapshot.select(
            mirror: candidate.mirror.document, facts: parts.planner.overview(candidate)
        ).mayBeLetIn
    }

    private func mirror(of repository: RepositoryID, _ request: SyncRequest, _ parts: Parts) async throws
        -> ConnectedMirror
    {
        if let name = request.mirror { return try parts.selection.mirror(named: name, mayBeProxy: true) }
        if let stored = try await parts.planner.stored(repository), case .mirror(let origin) = stored.origin {
            return try parts.selection.mirror(named: origin.mirror, mayBeProxy: true)
        }
        return try parts.selection.mirror(for: repository)
    }

    // MARK: A whole mirror

    private func entries(_ name: String, _ request: SyncRequest, _ parts: Parts) async throws -> [SyncPlan.Entry] {
        let mirror = try parts.selection.mirror(named: name, mayBeProxy: false)
        let order = SyncOrder(mirror: name, repository: nil, request: request)
        var entries: [SyncPlan.Entry] = []
        try await parts.selection.forEachPage(of: mirror) { page in
            entries += try await Self.entries(page, order, parts)
        }
        return entries
    }

    private static func entries(_ page: [SyncCandidate], _ order: SyncOrder, _ parts: Parts) async throws
        -> [SyncPlan.Entry]
    {
        try await withThrowingTaskGroup(of: (Int, SyncPlan.Entry?).self) { group in
            var found: [Int: SyncPlan.Entry] = [:]
            func take(_ result: (Int, SyncPlan.Entry?)) { found[result.0] = result.1 }
            for (place, candidate) in page.enumerated() {
                if place >= width, let result = try await group.next() { take(result) }
                group.addTask { (place, try await entry(candidate, order, parts)) }
            }
            while let result = try await group.next() { take(result) }
            return found.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// Nil for what no rule names: a whole catalogue of it would hide the rest.
    private static func entry(_ candidate: SyncCandidate, _ order: SyncOrder, _ parts: Parts) async throws
        -> SyncPlan.Entry?
    {
        let selection = parts.planner.policies.current.snapshot.select(
            mirror: candidate.mirror.document, facts: parts.planner.overview(candidate))
        guard selection.mayBeLetIn || !selection.decision.isAllowed else { return nil }
        do {
            return try await parts.planner.entry(candidate, order: order)
        } catch let error as HubError where !FailureRanking.isOurs(error) {
            // One that cannot be looked at does not hide the others.
            return SyncPlan.Entry(
                mirror: candidate.mirror.name, upstream: candidate.known?.upstream ?? "", path: candidate.path,
                local: candidate.local, verdict: .fetch, reason: nil, branches: [], problem: error)
        }
    }

    private func startRun(_ name: String, _ request: SyncRequest, _ parts: Parts) async throws -> Job {
        _ = try parts.selection.mirror(named: name, mayBeProxy: false)
        let run = try await parts.runs.begin(
            name, cause: .request, dueAt: nil, requestedBy: request.requestedBy)
        guard let run else { throw HubError(.internalError, "The run was not begun.") }
        return try await Self.enqueue(run, SyncOrder(mirror: name, repository: nil, request: request), request, parts)
    }

    /// Queues the job that looks for what a run is to bring.
    static func enqueue(_ run: SyncRun, _ order: SyncOrder, _ request: SyncRequest, _ parts: Parts) async throws -> Job
    {
        let job = try await parts.jobs.enqueue(
            JobDraft(
                kind: SyncRunPlanner.kind, subject: "mirror:\(run.mirror)", uniqueKey: "sync-run:\(run.id)",
                account: request.account, requestedBy: request.requestedBy, mirror: run.mirror, run: run.id,
                priority: request.priority, payload: order.payload))
        try await parts.runs.note(planningJob: job.id, of: run.id)
        return job
    }

    // MARK: Parts

    private func available() throws -> Parts {
        guard let parts else {
            throw HubError(
                .notFound, "This hub has no policy files, and so mirrors nothing.",
                remedy: "Start it with `weir serve --mirrors DIR`.")
        }
        guard !parts.isOffline else {
            throw HubError(.offline, "Weir is offline: nothing can be fetched.", remedy: "Start it without --offline.")
        }
        return parts
    }

    private static func mirrorName(_ request: SyncRequest) throws -> String {
        guard let name = request.mirror else {
            throw HubError(.badRequest, "Name a mirror or a repository.", remedy: "Send `mirror` or `repo`.")
        }
        return name
    }

    static func limits(of upstream: String, in mirror: String, _ parts: Parts) -> EgressLimits {
        let documents = parts.planner.policies.current.mirrors.first { $0.name == mirror }?.document.upstreams ?? []
        return documents.first { $0.name == upstream }.map { EgressLimits($0.limits) } ?? EgressLimits()
    }
}
