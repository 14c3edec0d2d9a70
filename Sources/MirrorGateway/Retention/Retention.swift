package import HubCore
package import Logging
import Policies
import Synchronization

/// Keeps the stored content of mirrors within what their policy files say, and makes room for what is asked for.
///
/// Only what an upstream can give again may go; what went is fetched again by whoever asks for it.
package final class Retention: Sendable {
    private struct State {
        var awaited = AwaitedDownloads()
        /// Bytes that may still come before some mirror has more than it may, or the disk less than it should.
        /// Nothing is known of it before the first run.
        var slack: Int64 = 0
        /// How long the last run took.
        var took = Duration.zero
    }

    let store: RepositoryStore
    let blobs: FileBlobStore
    let content: PinnedContent
    let policies: PolicyEngine
    let clock: WallClock
    let times: RetentionTimes
    private let metrics: MetricRegistry
    private let logger: Logger
    private let isOffline: Bool
    /// Whether an upstream answers, as far as is known.
    private let isReachable: @Sendable (_ upstream: String) -> Bool
    /// One at a time looks and removes.
    private let queue = SerialQueues<Int>()
    private let state = Mutex(State())
    /// One element for each time that a run is wanted soon. It has one reader.
    let wishes: AsyncStream<Void>
    private let wish: AsyncStream<Void>.Continuation

    package init(
        store: RepositoryStore, git: GitStore, blobs: FileBlobStore, policies: PolicyEngine, metrics: MetricRegistry,
        clock: WallClock, logger: Logger, isOffline: Bool, times: RetentionTimes = RetentionTimes(),
        isReachable: @escaping @Sendable (_ upstream: String) -> Bool = { _ in true }
    ) {
        self.store = store
        self.blobs = blobs
        content = PinnedContent(store: store, git: git)
        self.policies = policies
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
        self.isOffline = isOffline
        self.times = times
        self.isReachable = isReachable
        (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        metrics.describe("hub_evicted_bytes_total", .counter, help: "Bytes of stored content of mirrors that went.")
        metrics.describe("hub_stored_bytes", .gauge, help: "Bytes of stored content, by mirror.")
    }

    /// Has a run made soon.
    package func ask() { wish.yield() }

    // MARK: Running

    /// Removes what the policy files say. Runs that were interrupted are ended first.
    /// - Returns: bytes that went.
    @discardableResult
    package func run() async throws -> Int64 {
        try await queue.run(0) {
            let start = ContinuousClock.now
            defer { state.withLock { $0.took = ContinuousClock.now - start } }
            return try await evict(cause: "schedule", grace: times.grace) { 0 }
        }
    }

    /// How long the last scheduled run took.
    var took: Duration { state.withLock { $0.took } }

    /// Makes room for a download.
    /// - Parameter refusal: what the store said.
    /// - Throws: `.storageFull` that says what holds the space.
    func makeRoom(for id: BlobID, size: Int64, refusal: HubError) async throws {
        guard policies.current.mirrors.contains(where: { $0.document.retention != nil }) else { throw refusal }
        try await queue.run(0) {
            // Whoever was before us in the queue may have made enough.
            guard try blobs.shortage(of: id, size: size) > 0 else { return }
            try await evict(cause: "room", grace: min(times.grace, times.urgentGrace)) {
                try blobs.shortage(of: id, size: size)
            }
            guard try blobs.shortage(of: id, size: size) > 0 else { return }
            let report = try await survey(grace: min(times.grace, times.urgentGrace), scope: .none).report
            throw HubError(
                .storageFull,
                "\(refusal.message) Nothing more may be evicted: \(report.holders.isEmpty ? "nothing that can be fetched again is stored" : report.holders).",
                remedy: "Free space, remove pins, or let mirrors keep less.", retryAfter: refusal.retryAfter)
        }
    }

    /// Counts a download that was begun, and has a run made when the limits come near.
    func noteDownload(of id: BlobID, size: Int64) {
        let isNear = state.withLock { state in
            state.awaited.add(id, size: size)
            return state.awaited.bytes > state.slack
        }
        if isNear { ask() }
    }

    /// Has a run made when the limits are near and a download has ended that the last run found on its way: until it
    /// has come there is nothing to remove for it.
    /// - Returns: whether one is wanted.
    @discardableResult
    func lookForArrivals() -> Bool {
        let isNear = state.withLock { $0.awaited.bytes > $0.slack }
        guard isNear, awaited().contains(where: { !$0.value }) else { return false }
        ask()
        return true
    }

    /// The downloads that no run has found stored, with whether they are on their way.
    private func awaited() -> [BlobID: Bool] {
        Dictionary(uniqueKeysWithValues: state.withLock { Array($0.awaited.blobs) }.map { ($0, blobs.isOpen($0)) })
    }

    /// What is stored, and what of it may go.
    package func report() async throws -> RetentionReport {
        try await survey(grace: times.grace, scope: .none).report
    }

    /// What the last run that removed something did; nil before any.
    package func lastRun() async throws -> JSONValue? { try await store.retentionState("last") }

    /// Does something while nothing is removed otherwise.
    func exclusively<T: Sendable>(_ work: @Sendable () async throws -> T) async throws -> T {
        try await queue.run(0, work)
    }

    // MARK: Deciding

    /// Blobs of one page of a survey.
    private static let page = 2_000

    /// - Parameter asked: blobs of which it is to be known whether they are stored.
    private func survey(grace: Int64, scope: RetentionSurvey.Scope, asked: Set<BlobID> = []) async throws
        -> RetentionSurvey
    {
        let (pins, version) = try await content.pins()
        let mirrors = try await store.mirroredRepositories()
        let disk = try blobs.space()
        let current = policies.current.mirrors
        var rules: [String: RetentionRules] = [:]
        for mirror in current {
            rules[mirror.name] = mirror.document.retention.map { RetentionRules($0, total: disk.total) }
        }
        let blobs = blobs
        let judge = RetentionJudge(standings: try await standings(of: mirrors.values, pins: pins), grace: grace) {
            blobs.isOpen($0)
        }
        var survey = RetentionSurvey(
            mirrors: mirrors, rules: rules, judge: judge, pins: version, disk: disk, now: clock.now(), scope: scope,
            asked: asked, names: current.map(\.name))
        for key in mirrors.keys.sorted() {
            var last: BlobID?
            repeat {
                try Task.checkCancellation()
                let (found, next) = try await store.storedBlobs(ofRepository: key, after: last, count: Self.page)
                // What several have is counted with the first of them.
                for blob in found where blob.repositories.first(where: { mirrors[$0] != nil }) == key {
                    survey.add(blob)
                }
                last = next
            } while last != nil
        }
        // What only repositories of this hub have never goes; how much it is is of interest to people alone.
        if scope == .none { survey.addLocal(ofAll: try await store.linkedAmount()) }
        return survey
    }

    func standings(of repositories: some Sequence<MirroredRepository>, pins: [Pin]) async throws
        -> [Int64: RetentionStanding]
    {
        let mirrors = Dictionary(
            policies.current.mirrors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let pins = Dictionary(grouping: pins) { Self.key(of: $0.repository) }
        var standings: [Int64: RetentionStanding] = [:]
        for repository in repositories {
            let mirror = mirrors[repository.origin.mirror]
            var standing = RetentionStanding(
                mirror: repository.origin.mirror, canBeFetchedAgain: canBeFetched(repository, by: mirror),
                isLimited: mirror?.document.retention != nil)
            let retention = mirror?.document.retention
            standing.isPinned = retention?.pin.contains { $0.matches(repository.origin.path) } ?? false
            if let own = pins[Self.key(of: repository.id)], !standing.isPinned {
                if let pinned = try await content.blobs(of: own, in: repository.key) {
                    standing.pinned = pinned
                } else {
                    standing.isPinned = true
                }
            }
            if let count = retention?.keepRevisions, !standing.isPinned {
                standing.current = try await content.blobs(ofNewest: count, in: repository.key)
            }
            standings[repository.key] = standing
        }
        return standings
    }

    private static func key(of id: RepositoryID) -> String { "\(id.kind.rawValue):\(id.namespaceKey)/\(id.nameKey)" }

    private func canBeFetched(_ repository: MirroredRepository, by mirror: ConnectedMirror?) -> Bool {
        guard !isOffline, let mirror, mirror.document.isEnabled, mirror.asksUpstream, mirror.servesContent,
            mirror.upstreams.contains(where: { $0.name == repository.origin.upstream })
        else { return false }
        return isReachable(repository.origin.upstream)
    }

    // MARK: Removing

    /// - Parameter shortage: bytes that are wanted still; asked again as blobs go.
    /// - Returns: bytes that went.
    @discardableResult
    private func evict(cause: String, grace: Int64, shortage: @Sendable () throws -> Int64) async throws -> Int64 {
        let eviction = BlobEviction(store: store, blobs: blobs)
        try await eviction.settle()
        let asked = awaited()
        let isWanted = try shortage() > 0
        var survey = try await survey(grace: grace, scope: isWanted ? .all : .due, asked: Set(asked.keys))
        // Few surveys find that, and only they have to know everything that may go.
        if !isWanted, survey.wantsRoom(shortage: 0) {
            survey = try await self.survey(grace: grace, scope: .all, asked: Set(asked.keys))
        }
        let plan = survey.plan(shortage: try shortage())
        var removed: [BlobID: Int64] = [:]
        if !plan.items.isEmpty {
            let (judge, clock) = (survey.judge, clock)
            removed = try await eviction.remove(plan.items.map(\.blob), pins: survey.pins) { blob, mirrors in
                judge.hold(blob, mirrors, now: clock.now()) == nil
            }
        }
        try await note(removed, of: plan, cause: cause)
        remember(survey, without: removed, of: asked)
        return removed.values.reduce(0) { $0 &+ $1 }
    }

    private func note(_ removed: [BlobID: Int64], of plan: EvictionPlan, cause: String) async throws {
        guard !removed.isEmpty else { return }
        var reasons: [String: RetentionReport.Amount] = [:]
        var mirrors: [String: RetentionReport.Amount] = [:]
        var all = RetentionReport.Amount()
        for item in plan.items where removed[item.blob] != nil {
            reasons[item.reason.rawValue, default: .init()].add(item.bytes)
            mirrors[item.mirror, default: .init()].add(item.bytes)
            all.add(item.bytes)
        }
        for (mirror, amount) in mirrors {
            metrics.counter("hub_evicted_bytes_total", labels: ["mirror": mirror], by: Double(amount.bytes))
        }
        func json(_ amounts: [String: RetentionReport.Amount]) -> JSONValue {
            .object(amounts.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value.json) })
        }
        let detail = JSONValue.object([
            .init(key: "cause", value: .string(cause)), .init(key: "removed", value: all.json),
            .init(key: "reasons", value: json(reasons)), .init(key: "mirrors", value: json(mirrors)),
        ])
        logger.notice(
            "evicted stored content", metadata: ["cause": "\(cause)", "blobs": "\(all.count)", "bytes": "\(all.bytes)"])
        do {
            try await store.noteEviction(detail, action: "retention.evict", of: "hub", by: nil)
            try await store.setRetentionState(
                "last",
                to: .object([
                    .init(key: "finishedAt", value: .string(JSONDate.text(milliseconds: clock.now()))),
                    .init(key: "report", value: detail),
                ]))
        } catch {
            // What went is gone, and whoever waits for the room must not fail for want of a note.
            logger.warning("an eviction could not be recorded", metadata: ["error": "\(error)"])
        }
    }

    private func remember(_ survey: RetentionSurvey, without removed: [BlobID: Int64], of asked: [BlobID: Bool]) {
        var stored = Dictionary(
            survey.report.mirrors.map { ($0.name, $0.stored.bytes) }, uniquingKeysWith: { first, _ in first })
        for candidate in survey.candidates where removed[candidate.blob.id] != nil {
            for mirror in candidate.mirrors { stored[mirror, default: 0] &-= candidate.blob.bytes }
        }
        let free = (try? blobs.space().free) ?? survey.disk.free
        var slack = Int64.max
        for (mirror, bytes) in stored {
            metrics.gauge("hub_stored_bytes", labels: ["mirror": mirror], set: Double(bytes))
            guard let rules = survey.rules[mirror] else { continue }
            if let maximum = rules.maximumBytes { slack = min(slack, max(0, maximum - bytes)) }
            if let minimum = rules.minimumFree { slack = min(slack, max(0, free - minimum)) }
        }
        state.withLock { state in
            state.awaited.settle(asked, stored: survey.found)
            state.slack = slack
        }
    }
}
