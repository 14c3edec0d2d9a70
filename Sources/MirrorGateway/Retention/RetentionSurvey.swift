import HubCore
import Policies

/// What mirrors have stored, judged by the policy and the pins of one moment. Blobs are added one by one: of most, only
/// their bytes are remembered.
struct RetentionSurvey: Sendable {
    /// Which of the blobs that may go are remembered by name.
    enum Scope: Sendable {
        /// None: only amounts are wanted.
        case none
        /// Those that go whatever room there is.
        case due
        case all
    }

    let mirrors: [Int64: MirroredRepository]
    let rules: [String: RetentionRules]
    let judge: RetentionJudge
    let pins: PinnedContent.Version
    let disk: (free: Int64, total: Int64)
    let now: Int64
    let scope: Scope
    /// Blobs of which it is to be known whether they are stored.
    let asked: Set<BlobID>

    private(set) var candidates: [EvictionPlan.Candidate] = []
    /// Those of `asked` that are stored.
    private(set) var found: Set<BlobID> = []
    private(set) var report = RetentionReport()

    init(
        mirrors: [Int64: MirroredRepository], rules: [String: RetentionRules], judge: RetentionJudge,
        pins: PinnedContent.Version, disk: (free: Int64, total: Int64), now: Int64, scope: Scope,
        asked: Set<BlobID> = [], names: [String]
    ) {
        self.mirrors = mirrors
        self.rules = rules
        self.judge = judge
        self.pins = pins
        self.disk = disk
        self.now = now
        self.scope = scope
        self.asked = asked
        report.free = disk.free
        report.total = disk.total
        // With nothing stored too, a mirror is told of.
        for name in names { report[name] = RetentionReport.Mirror(name: name, maximumBytes: rules[name]?.maximumBytes) }
    }

    mutating func add(_ blob: StoredBlob) {
        if asked.contains(blob.id) { found.insert(blob.id) }
        var names: [String] = []
        for key in blob.repositories {
            guard let name = judge.standings[key]?.mirror, !names.contains(name) else { continue }
            names.append(name)
        }
        let hold = judge.hold(blob, mirrors, now: now)
        report.add(blob.bytes, hold: hold, of: names)
        guard hold == nil, scope != .none else { return }
        let candidate = EvictionPlan.Candidate(
            blob: blob, hold: hold, mirrors: names, isSurplus: judge.isSurplus(blob))
        if scope == .all || candidate.isDue(by: rules, now: now) { candidates.append(candidate) }
    }

    /// Counts what no mirror has.
    /// - Parameter all: everything that is linked.
    mutating func addLocal(ofAll all: (count: Int64, bytes: Int64)) {
        let seen = report.held.values.reduce(into: report.evictable) { $0.add($1.bytes, count: $1.count) }
        guard all.count > seen.count else { return }
        report.held[.local, default: .init()].add(all.bytes &- seen.bytes, count: all.count - seen.count)
    }

    /// Bytes of each mirror.
    private var stored: [String: Int64] {
        Dictionary(report.mirrors.map { ($0.name, $0.stored.bytes) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether all blobs that may go have to be known for a plan.
    func wantsRoom(shortage: Int64) -> Bool {
        EvictionPlan.wantsRoom(stored: stored, rules: rules, free: disk.free, shortage: shortage)
    }

    func plan(shortage: Int64) -> EvictionPlan {
        EvictionPlan(candidates, stored: stored, rules: rules, disk: disk, shortage: shortage, now: now)
    }
}

extension RetentionRules {
    /// What a policy file says, for a disk of so many bytes.
    init(_ settings: RetentionSettings, total: Int64) {
        let free: Int64? =
            switch settings.minimumFree {
            case nil: nil
            case .bytes(let bytes): bytes
            case .percent(let percent): total / 100 * Int64(percent)
            }
        self.init(
            maximumBytes: settings.maximumBytes, maximumAge: settings.maximumAge?.milliseconds, minimumFree: free,
            order: settings.evict == .lru ? .lru : .lruSize)
    }
}
