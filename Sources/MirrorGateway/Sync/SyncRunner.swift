package import HubCore
import Logging
import Policies

/// Brings one repository as its mirror's rules have it: refs, commits with their history, then large files one by one.
///
/// Whatever an earlier attempt brought is found stored and not asked for again.
package struct SyncRunner: JobHandler {
    package var kind: String { Self.kind }
    static let kind = "sync"

    let planner: SyncPlanner
    let selection: SyncSelection
    let absences: AbsenceRegister
    let repositories: RepositoryService
    let runs: SyncStore
    let logger: Logger

    /// Large files that one job fetches at the same time.
    private static let width = 8
    /// Large files whose links are asked for together.
    private static let batch = 100
    /// So many files in a row that an upstream did not give now, and the job waits.
    private static let patience = 4

    private var hub: Hub { planner.hub }
    private var source: MirrorSource { planner.source }

    package func run(_ job: Job, _ context: any JobContext) async throws {
        let urgency: EgressUrgency = job.draft.priority == .urgent ? .urgentSync : .sync
        try await EgressUrgency.$current.withValue(urgency) {
            do {
                let outcome = try await bring(SyncOrder(job.draft.payload), job, context)
                try await note(outcome, job)
            } catch let stop as Stop {
                try await note(stop.outcome, job)
                throw stop.error
            } catch let error as HubError {
                // What is tried again has no outcome yet; what is not has this one.
                if !Self.isForLater(error) {
                    try await note(SyncOutcome(subject: Self.subject(job), state: .failed, reason: error.line), job)
                }
                throw error
            }
        }
    }

    /// The job is over, and this is what came of it.
    private struct Stop: Error {
        let outcome: SyncOutcome
        let error: HubError
    }

    private static func subject(_ job: Job) -> String { String(job.draft.subject.prefix { $0 != "@" }) }

    private func note(_ outcome: SyncOutcome, _ job: Job) async throws {
        guard let run = job.draft.run else { return }
        let whole = SyncOutcome(
            subject: outcome.subject, state: outcome.state, reason: outcome.reason, job: job.id, files: outcome.files,
            filesFailed: outcome.filesFailed, bytesFetched: outcome.bytesFetched)
        try await runs.note([whole], of: run)
    }

    // MARK: The repository

    private func bring(_ order: SyncOrder, _ job: Job, _ context: any JobContext) async throws -> SyncOutcome {
        guard let path = order.repository else { throw HubError(.internalError, "The job names no repository.") }
        let mirror = try selection.mirror(named: order.mirror, mayBeProxy: order.isNamed)
        guard var candidate = selection.candidate(path, of: mirror) else {
            throw HubError(.badRequest, "'\(path)' cannot be the name of a repository here.")
        }
        candidate.isNamed = order.isNamed
        candidate.known = try await planner.known.known(
            path, mirror: mirror.name, upstreams: mirror.upstreams.map(\.name))
        let subject = candidate.local.description
        let stored = try await planner.stored(candidate.local)
        if let problem = try await planner.conflict(candidate, stored) {
            throw HubError(.conflict, "\(candidate.local) is not fetched: \(problem).")
        }
        var repository = stored
        if let stored {
            try await renew(stored, candidate)
        } else {
            // Looked at where it is before a name is taken here for it.
            let entry = try await planner.entry(candidate, order: order)
            guard entry.verdict == .fetch else {
                try await context.plan([])
                return SyncOutcome(subject: subject, state: Self.state(entry.verdict), reason: entry.reason)
            }
            guard try await source.adopt(candidate.local, from: mirror) else {
                throw HubError(.repositoryNotFound, "No upstream of the mirror '\(mirror.name)' has \(path).")
            }
            repository = try await planner.stored(candidate.local)
            if let repository { try await renew(repository, candidate) }
        }
        guard let repository else {
            throw HubError(.repositoryNotFound, "\(candidate.local) vanished while it was fetched.")
        }
        return try await bring(repository, candidate, order, context)
    }

    private func bring(
        _ repository: Repository, _ candidate: SyncCandidate, _ order: SyncOrder, _ context: any JobContext
    ) async throws -> SyncOutcome {
        let subject = candidate.local.description
        let snapshot = planner.policies.current.snapshot
        let overview = try await planner.approvedOverview(candidate)
        let (verdict, reason) = SyncPlanner.verdict(
            snapshot.select(mirror: candidate.mirror.document, facts: overview), isNamed: candidate.isNamed,
            mayWait: true)
        guard verdict == .fetch else {
            try await context.plan([])
            return SyncOutcome(subject: subject, state: Self.state(verdict), reason: reason)
        }
        let targets = try await planner.targets(candidate, repository, order: order, overview: overview)
        let wants = targets.compactMap(\.want)
        guard !wants.isEmpty else {
            try await context.plan([])
            return SyncOutcome(subject: subject, state: .skipped, reason: "it has no revision that the rules name")
        }
        // With its history, so that clones work when the upstream does not.
        try await source.acquire(wants, of: repository, history: true)
        var branches: [SyncPlan.Branch] = []
        for target in targets {
            branches.append(try await planner.branch(target, of: candidate, repository, order: order))
        }
        try await repositories.settleHead(of: repository)
        let work = SyncWork(branches)
        try await context.plan(work.files)
        let result = try await bring(work, of: repository, context)
        if let error = result.verdict(of: work, subject: subject) {
            let isForLater = Self.isForLater(error)
            guard !isForLater else { throw error }
            throw Stop(
                outcome: SyncOutcome(
                    subject: subject, state: .failed, reason: error.line, files: Int64(work.files.count),
                    filesFailed: Int64(result.failures.count), bytesFetched: result.fetched), error: error)
        }
        try await noteSynced(repository, order, digest: snapshot.digest)
        let held = branches.flatMap(\.files).first { $0.verdict == .review || $0.verdict == .deny }
        if work.files.isEmpty {
            let state = held.map { Self.state($0.verdict) } ?? .skipped
            return SyncOutcome(
                subject: subject, state: state, reason: held?.reason ?? "it has no file that the rules let in")
        }
        return SyncOutcome(
            subject: subject, state: result.fetched > 0 ? .fetched : .current,
            reason: held.flatMap { file in file.reason.map { "not all of it: \(file.path) was \($0)" } },
            files: Int64(work.files.count), bytesFetched: result.fetched)
    }

    /// Remembers that nothing is left to do until the upstream or the policy changes.
    private func noteSynced(_ repository: Repository, _ order: SyncOrder, digest: String) async throws {
        guard !order.isNamed, order.revision == nil, order.files.isEmpty, order.notFiles.isEmpty else { return }
        let name = try await repositories.defaultBranch(of: repository)
        guard let commit = try await repositories.storedCommit(of: .name(name), in: repository) else { return }
        try await runs.noteSynced(repository.key, commit: commit, policy: digest)
    }

    private static func state(_ verdict: SyncPlan.Verdict) -> SyncOutcome.State {
        switch verdict {
        case .fetch: .queued
        case .skip: .skipped
        case .review: .review
        case .deny: .denied
        }
    }

    // MARK: What disappeared

    /// Asks for the refs, and finds out why when they are not given.
    private func renew(_ repository: Repository, _ candidate: SyncCandidate) async throws {
        let reason: String
        do {
            guard let stale = try await source.renew(repository) else {
                return try await absences.forget(repository.key)
            }
            reason = stale
        } catch let error as HubError where !Self.isForLater(error) && !FailureRanking.isOurs(error) {
            reason = error.message
        }
        guard case .mirror(let origin) = repository.origin,
            let upstream = candidate.mirror.upstreams.first(where: { $0.name == origin.upstream }),
            let id = RepositoryID(kind: candidate.path.kind, path: candidate.path.path)
        else {
            throw HubError(.upstreamUnavailable, "The refs of \(repository.id) could not be asked for: \(reason)")
        }
        switch try await upstream.lookUp(id) {
        case .found:
            throw HubError(.upstreamUnavailable, "The refs of \(repository.id) could not be asked for: \(reason)")
        case .absent:
            try await treat(
                .gone, "upstream \(upstream.name) does not have \(candidate.path) any more", repository, candidate)
        case .refused(let error):
            try await treat(.restricted, error.message, repository, candidate)
        }
    }

    /// - Throws: always, for there is nothing to fetch.
    private func treat(
        _ state: MirrorAbsence.State, _ message: String, _ repository: Repository, _ candidate: SyncCandidate
    ) async throws {
        let deletions = candidate.mirror.document.schedule?.deletions ?? .keep
        // Credentials that ran out refuse everything: what only became restricted is never removed for that.
        let isConfirmed = state == .gone ? await isGone(candidate) : false
        let told: String
        switch deletions {
        case .keep:
            try await absences.note(state, .keep, message: message, of: repository.key)
            told = "what was fetched stays and is served"
        case .delete where isConfirmed:
            let opened = try await Authorizer(store: hub.store, source: nil).openAsOperator(.delete, repository.id)
            try await repositories.delete(opened)
            try await absences.reload()
            told = "it was removed here, as its mirror file wants it"
        case .tombstone, .delete:
            try await absences.note(state, .tombstone, message: message, of: repository.key)
            told = "what was fetched stays and is refused"
        }
        logger.warning(
            "a mirrored repository is not to be had any more",
            metadata: [
                "repository": "\(repository.id)", "state": "\(state.rawValue)", "deletions": "\(deletions.rawValue)",
            ])
        let text = "\(message); \(told)"
        throw Stop(
            outcome: SyncOutcome(
                subject: candidate.local.description, state: state == .gone ? .gone : .restricted, reason: text),
            error: HubError(state == .gone ? .repositoryNotFound : .upstreamRefused, text))
    }

    /// Whether git says so too: one wrong answer of an API must not remove anything.
    private func isGone(_ candidate: SyncCandidate) async -> Bool {
        for upstream in candidate.mirror.upstreams {
            do {
                _ = try await upstream.references(of: candidate.path, prefixes: ["HEAD"])
                return false
            } catch let error as HubError where error.code == .repositoryNotFound {
                continue
            } catch {
                return false
            }
        }
        return true
    }

    // MARK: Large files

    private func bring(_ work: SyncWork, of repository: Repository, _ context: any JobContext) async throws
        -> SyncResult
    {
        var result = SyncResult()
        var waiting: [SyncWork.Object] = []
        var here: [SyncWork.Object] = []
        for object in work.objects {
            if try await hub.blobs.size(of: object.pointer.oid) != nil {
                here.append(object)
            } else {
                waiting.append(object)
            }
        }
        if !here.isEmpty {
            let proved = try await source.prove(here.map(\.pointer), of: repository)
            for object in here where !proved.contains(object.pointer.oid) {
                result.fail(
                    object.file,
                    HubError(
                        .upstreamRefused,
                        "it is stored, and the upstream does not give it out for \(repository.id)"))
            }
            await context.report(here.map { $0.file(proved.contains($0.pointer.oid) ? .done : .failed) })
        }
        waiting.sort { ($0.pointer.size, $0.file.path) < ($1.pointer.size, $1.file.path) }
        try await withThrowingTaskGroup(of: (SyncWork.Object, Int64, HubError?).self) { group in
            var next = 0
            var silent = 0
            func start() async -> Bool {
                guard silent < Self.patience, next < waiting.count else { return false }
                if next % Self.batch == 0 {
                    await source.prepare(waiting[next...].prefix(Self.batch).map(\.pointer), of: repository)
                }
                let object = waiting[next]
                next += 1
                group.addTask { try await fetch(object, of: repository, context) }
                return true
            }
            for _ in 0..<Self.width { guard await start() else { break } }
            while let (object, fetched, error) = try await group.next() {
                result.fetched += fetched
                if let error {
                    if FailureRanking.isOurs(error) || error.code == .quotaExceeded { throw error }
                    let isForLater = Self.isForLater(error)
                    silent = isForLater ? silent + 1 : 0
                    if isForLater { result.postpone(object.file, error) } else { result.fail(object.file, error) }
                } else {
                    silent = 0
                }
                _ = await start()
            }
            // What was not even begun is for later too.
            for object in waiting[next...] { result.postpone(object.file, nil) }
        }
        return result
    }

    /// Fetches one file, or follows whoever fetches it.
    private func fetch(_ object: SyncWork.Object, of repository: Repository, _ context: any JobContext) async throws
        -> (SyncWork.Object, Int64, HubError?)
    {
        await context.report([object.file(.fetching)])
        let meter = SyncMeter()
        do {
            try await source.bring(
                object.pointer, path: object.path, at: object.commit, of: repository
            ) { bytes, upstream in
                let new = meter.take(bytes, isFetched: upstream != nil)
                await context.advance(object.file.path, bytes: bytes, fetched: new, from: upstream)
            }
            await context.report([object.file(.done, bytes: object.pointer.size)])
            return (object, meter.fetched, nil)
        } catch let error as HubError {
            try Task.checkCancellation()
            let isForLater = Self.isForLater(error)
            await context.report([
                object.file(isForLater ? .waiting : .failed, bytes: meter.bytes, failure: error.line)
            ])
            return (object, meter.fetched, error)
        }
    }

    /// Whether waiting may help.
    static func isForLater(_ error: HubError) -> Bool {
        error.code == .upstreamUnavailable || error.code == .shuttingDown || error.retryAfter != nil
    }
}
