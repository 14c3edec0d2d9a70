package import HubCore
package import Logging
import Policies
import Synchronization

/// Keeps the stored content of mirrors within what their policy files say, and makes room for what is asked for.
///
/// Only what an upstream can give again may go; what went is fetched again by whoever asks for it.
package final class Retention: Sendable {
    private struct State {
        /// Bytes of downloads that were begun since the last run.
        var begun: Int64 = 0
        /// Bytes that may still come before some mirror has more than it may, or the disk less than it should.
        /// Nothing is known of it before the first run.
        var slack: Int64 = 0
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
        try await queue.run(0) { try await evict(cause: "schedule", grace: times.grace) { 0 } }
    }

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
            let report = try await survey(grace: min(times.grace, times.urgentGrace)).report(of: [])
            throw HubError(
                .storageFull,
                "\(refusal.message) Nothing more may be evicted: \(report.holders.isEmpty ? "nothing that can be fetched again is stored" : report.holders).",
                remedy: "Free space, remove pins, or let mirrors keep less.", retryAfter: refusal.retryAfter)
        }
    }

    /// Counts a download that was begun, and has a run made when the limits come near.
    func noteDownload(of bytes: Int64) {
        let isNear = state.withLock { state in
            let (sum, overflow) = state.begun.addingReportingOverflow(max(0, bytes))
            state.begun = overflow ? .max : sum
            return state.begun > state.slack
        }
        if isNear { ask() }
    }

    /// What is stored, and what of it may go.
    package func report() async throws -> RetentionReport {
        let names = policies.current.mirrors.map(\.name)
        return try await survey(grace: times.grace).report(of: names)
    }

    /// What the last run that removed something did; nil before any.
    package func lastRun() async throws -> JSONValue? { try await store.retentionState("last") }

    /// Does something while nothing is removed otherwise.
    func exclusively<T: Sendable>(_ work: @Sendable () async throws -> T) async throws -> T {
        try await queue.run(0, work)
    }

    // MARK: Deciding

    func survey(grace: Int64) async throws -> RetentionSurvey {
        let (pins, version) = try await content.pins()
        let inventory = try await store.retentionInventory()
        let disk = try blobs.space()
        let standings = try await standings(of: inventory.mirrors.values, pins: pins)
        var rules: [String: RetentionRules] = [:]
        for mirror in policies.current.mirrors {
            rules[mirror.name] = mirror.document.retention.map { RetentionRules($0, total: disk.total) }
        }
        let blobs = blobs
        let judge = RetentionJudge(standings: standings, grace: grace) { blobs.isOpen($0) }
        let now = clock.now()
        let candidates = inventory.blobs.map { blob in
            var mirrors: [String] = []
            for key in blob.repositories {
                guard let name = standings[key]?.mirror, !mirrors.contains(name) else { continue }
                mirrors.append(name)
            }
            return EvictionPlan.Candidate(
                blob: blob, hold: judge.hold(blob, inventory.mirrors, now: now), mirrors: mirrors,
                isSurplus: judge.isSurplus(blob))
        }
        return RetentionSurvey(
            candidates: candidates, rules: rules, judge: judge, pins: version, disk: disk, now: now)
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
        let survey = try await survey(grace: grace)
        let plan = survey.plan(shortage: try shortage())
        var removed: [BlobID: Int64] = [:]
        if !plan.items.isEmpty {
            let (judge, clock) = (survey.judge, clock)
            removed = try await eviction.remove(plan.items.map(\.blob), pins: survey.pins) { blob, mirrors in
                judge.hold(blob, mirrors, now: clock.now()) == nil
            }
        }
        try await note(removed, of: plan, cause: cause)
        remember(survey, without: removed)
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

    private func remember(_ survey: RetentionSurvey, without removed: [BlobID: Int64]) {
        let names = policies.current.mirrors.map(\.name)
        var stored = Dictionary(names.map { ($0, Int64(0)) }, uniquingKeysWith: { first, _ in first })
        for candidate in survey.candidates where removed[candidate.blob.id] == nil {
            for mirror in candidate.mirrors { stored[mirror, default: 0] &+= candidate.blob.bytes }
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
            state.begun = 0
            state.slack = slack
        }
    }
}
