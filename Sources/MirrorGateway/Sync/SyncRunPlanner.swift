package import HubCore
import Policies

/// Looks for everything that the rules of a mirror bring, and has a job bring each repository of it.
///
/// Only what a listing tells is looked at here; the jobs decide on revisions and files.
package struct SyncRunPlanner: JobHandler {
    package var kind: String { Self.kind }
    static let kind = "sync-run"

    let planner: SyncPlanner
    let selection: SyncSelection
    let runs: SyncStore
    let jobs: JobStore

    package func run(_ job: Job, _ context: any JobContext) async throws {
        let order = try SyncOrder(job.draft.payload)
        guard let run = job.draft.run else { throw HubError(.internalError, "The job belongs to no run.") }
        let mirror = try selection.mirror(named: order.mirror, mayBeProxy: false)
        var met: Set<UpstreamPath> = []
        try await selection.forEachPage(of: mirror) { page in
            try Task.checkCancellation()
            met.formUnion(page.map { Self.folded($0.path) })
            try await queue(page, order, run: run, job)
        }
        // What is here and no upstream lists any more is looked at too: it may have disappeared.
        let orphans = try await runs.mirrored(by: mirror.name).compactMap { known -> SyncCandidate? in
            let path = UpstreamPath(kind: known.id.kind, path: known.path)
            guard !met.contains(Self.folded(path)) else { return nil }
            return SyncCandidate(mirror: mirror, path: path, local: known.id)
        }
        for start in stride(from: 0, to: orphans.count, by: SyncSelection.pageSize) {
            try await queue(
                Array(orphans[start..<min(start + SyncSelection.pageSize, orphans.count)]), order, run: run, job)
        }
        try await runs.enter(.running, run: run)
    }

    private static func folded(_ path: UpstreamPath) -> UpstreamPath {
        UpstreamPath(kind: path.kind, path: path.path.lowercased())
    }

    private func queue(_ page: [SyncCandidate], _ order: SyncOrder, run: Int64, _ job: Job) async throws {
        let snapshot = planner.policies.current.snapshot
        var outcomes: [SyncOutcome] = []
        var drafts: [JobDraft] = []
        for candidate in page {
            let subject = candidate.local.description
            let facts = try await planner.approvedOverview(candidate)
            let (verdict, reason) = SyncPlanner.verdict(
                snapshot.select(mirror: candidate.mirror.document, facts: facts), isNamed: false, mayWait: true)
            switch verdict {
            case .skip: continue
            case .deny:
                outcomes.append(SyncOutcome(subject: subject, state: .denied, reason: reason))
                continue
            case .review:
                outcomes.append(SyncOutcome(subject: subject, state: .review, reason: reason))
                continue
            case .fetch: break
            }
            if try await isCurrent(candidate, order) {
                outcomes.append(SyncOutcome(subject: subject, state: .current))
                continue
            }
            drafts.append(Self.draft(candidate.path, order, subject: subject, run: run, of: job.draft))
        }
        let queued = try await jobs.enqueue(drafts)
        for (draft, job) in zip(drafts, queued) {
            outcomes.append(
                SyncOutcome(subject: String(draft.subject.prefix { $0 != "@" }), state: .queued, job: job.id))
        }
        try await runs.note(outcomes, of: run)
    }

    /// Whether the upstream told of nothing newer than what the same policy has brought already.
    private func isCurrent(_ candidate: SyncCandidate, _ order: SyncOrder) async throws -> Bool {
        guard order.revision == nil, order.files.isEmpty, order.notFiles.isEmpty,
            let commit = candidate.known?.description.commit
        else { return false }
        let patterns = planner.policies.current.snapshot.revisions(
            of: candidate.mirror.document, facts: planner.overview(candidate))
        // Of other branches the listing tells nothing.
        guard patterns == [nil], let stored = try await planner.stored(candidate.local),
            try await runs.syncedHead(stored.key, policy: planner.policies.current.digest) == commit,
            try await planner.hub.store.mirrorState(of: stored.key)?.changedAt == nil
        else { return false }
        return true
    }

    /// A job for one repository.
    static func draft(
        _ path: UpstreamPath, _ order: SyncOrder, subject: String, run: Int64?, of draft: JobDraft
    ) -> JobDraft {
        var order = order
        order.repository = path
        return JobDraft(
            kind: SyncRunner.kind, subject: subject + (order.revision.map { "@\($0)" } ?? ""),
            uniqueKey: order.uniqueKey, account: draft.account, requestedBy: draft.requestedBy, mirror: order.mirror,
            run: run, priority: draft.priority, payload: order.payload)
    }
}
