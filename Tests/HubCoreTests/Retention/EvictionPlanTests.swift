import Testing

@testable import HubCore

@Suite("Which stored blobs go")
struct EvictionPlanTests {
    private static let now: Int64 = 1_000_000_000

    private static func candidate(
        _ name: UInt8, bytes: Int64, age: Int64, _ mirrors: [String] = ["a"], hold: RetentionHold? = nil,
        isSurplus: Bool = false
    ) -> EvictionPlan.Candidate {
        EvictionPlan.Candidate(
            blob: StoredBlob(
                id: BlobID(hashing: [name]), bytes: bytes, storedAt: 0, usedAt: now - age, repositories: [1]),
            hold: hold, mirrors: mirrors, isSurplus: isSurplus)
    }

    private static func plan(
        _ candidates: [EvictionPlan.Candidate], _ rules: [String: RetentionRules],
        free: Int64 = 1_000, total: Int64 = 10_000, shortage: Int64 = 0
    ) -> [String] {
        let names = Dictionary(
            uniqueKeysWithValues: (UInt8(ascii: "a")...UInt8(ascii: "z")).map { (BlobID(hashing: [$0]), $0) })
        var stored: [String: Int64] = [:]
        for candidate in candidates {
            for mirror in candidate.mirrors { stored[mirror, default: 0] += candidate.blob.bytes }
        }
        let plan = EvictionPlan(
            candidates, stored: stored, rules: rules, disk: (free, total), shortage: shortage, now: now)
        // Those that a plan needs at all are told without the others.
        let wantsRoom = EvictionPlan.wantsRoom(stored: stored, rules: rules, free: free, shortage: shortage)
        let due = candidates.filter { $0.isDue(by: rules, now: now) }
        let lesser = EvictionPlan(due, stored: stored, rules: rules, disk: (free, total), shortage: shortage, now: now)
        if !wantsRoom { #expect(lesser.items == plan.items) }
        return plan.items.map {
            "\(names[$0.blob].map { String(UnicodeScalar($0)) } ?? "?") \($0.reason.rawValue)"
        }
    }

    private let a = UInt8(ascii: "a")
    private let b = UInt8(ascii: "b")
    private let c = UInt8(ascii: "c")

    @Test("one large old file goes before many small ones; by age alone the oldest goes first")
    func order() {
        let candidates = [
            Self.candidate(a, bytes: 10, age: 900), Self.candidate(b, bytes: 500, age: 800),
            Self.candidate(c, bytes: 100, age: 1),
        ]
        #expect(Self.plan(candidates, ["a": RetentionRules(maximumBytes: 600)]) == ["b size"])
        #expect(Self.plan(candidates, ["a": RetentionRules(maximumBytes: 600, order: .lru)]) == ["a size", "b size"])
    }

    @Test("a mirror above its mark is emptied to nine tenths of it, one at its mark is left alone")
    func marks() {
        let candidates = (0..<10).map { Self.candidate(a + UInt8($0), bytes: 100, age: 100 - Int64($0)) }
        #expect(Self.plan(candidates, ["a": RetentionRules(maximumBytes: 1_000)]).isEmpty)
        #expect(Self.plan(candidates, ["a": RetentionRules(maximumBytes: 998)]) == ["a size", "b size"])
        #expect(Self.plan(candidates, ["a": RetentionRules(maximumBytes: 0)]).count == 10)
    }

    @Test("what several mirrors have goes only when all of them let it go")
    func shared() {
        let candidates = [
            Self.candidate(a, bytes: 100, age: 100, ["a", "b"]), Self.candidate(b, bytes: 100, age: 50, ["a"]),
        ]
        let limit = RetentionRules(maximumBytes: 150)
        #expect(Self.plan(candidates, ["a": limit, "b": RetentionRules(maximumBytes: 500)]) == ["b size"])
        #expect(Self.plan(candidates, ["a": limit]) == ["b size"])
        #expect(Self.plan(candidates, ["a": limit, "b": RetentionRules(maximumBytes: 50)]) == ["a size"])
        let old = RetentionRules(maximumAge: 60)
        #expect(Self.plan(candidates, ["a": old, "b": RetentionRules()]).isEmpty)
        #expect(Self.plan(candidates, ["a": old, "b": old]) == ["a age"])
    }

    @Test("what is held never goes, whatever is wanted")
    func held() {
        let candidates = RetentionHold.allCases.map { Self.candidate(a, bytes: 1_000, age: 1 << 40, hold: $0) }
        let strict = RetentionRules(maximumBytes: 0, maximumAge: 1, minimumFree: .max)
        #expect(Self.plan(candidates, ["a": strict], shortage: .max).isEmpty)
    }

    @Test("a disk that is too full is freed to a tenth more than it must have, and room is made for what is wanted")
    func disk() {
        let candidates = (0..<10).map { Self.candidate(a + UInt8($0), bytes: 100, age: 100 - Int64($0)) }
        let rules = ["a": RetentionRules(minimumFree: 1_000)]
        #expect(Self.plan(candidates, rules, free: 1_000).isEmpty)
        #expect(Self.plan(candidates, rules, free: 950) == ["a space", "b space"])
        #expect(
            Self.plan(candidates, ["a": RetentionRules()], free: 0, shortage: 250) == ["a room", "b room", "c room"])
        #expect(Self.plan(candidates, ["a": RetentionRules(minimumFree: .max)], free: 0).count == 10)
    }

    @Test("revisions that need not be kept go first, and what they free is not freed again")
    func surplus() {
        let candidates = [
            Self.candidate(a, bytes: 500, age: 1, isSurplus: true), Self.candidate(b, bytes: 500, age: 100),
        ]
        #expect(Self.plan(candidates, ["a": RetentionRules(maximumBytes: 600)]) == ["a revisions"])
    }

    @Test("only what every upstream gives again may go")
    func judgement() throws {
        let id = try #require(RepositoryID(parsing: "model:acme/demo"))
        func mirror(_ key: Int64, hasFailed: Bool = false, isGone: Bool = false) -> MirroredRepository {
            MirroredRepository(
                key: key, id: id, origin: .init(mirror: "a", upstream: "u", path: id.path), hasFailed: hasFailed,
                isGone: isGone)
        }
        let standing = RetentionStanding(mirror: "a", canBeFetchedAgain: true, isLimited: true)
        func hold(
            _ blob: StoredBlob, _ mirrors: [MirroredRepository], isOpen: Bool = false,
            _ change: (inout RetentionStanding) -> Void = { _ in }
        ) -> RetentionHold? {
            var changed = standing
            change(&changed)
            return RetentionJudge(standings: [1: changed, 2: standing], grace: 50, isOpen: { _ in isOpen })
                .hold(blob, Dictionary(uniqueKeysWithValues: mirrors.map { ($0.key, $0) }), now: 1_000)
        }
        func blob(_ keys: [Int64], used: Int64 = 0, isProved: Bool = true, isUploaded: Bool = false) -> StoredBlob {
            StoredBlob(
                id: BlobID(hashing: []), bytes: 1, storedAt: 0, usedAt: used, repositories: keys, isProved: isProved,
                isUploaded: isUploaded)
        }
        #expect(hold(blob([1, 2]), [mirror(1), mirror(2)]) == nil)
        #expect(hold(blob([1, 3]), [mirror(1)]) == .local)
        // A repository that came after the plan is not judged.
        #expect(hold(blob([1, 3]), [mirror(1), mirror(3)]) == .local)
        #expect(hold(blob([1]), [mirror(1)]) { $0.isPinned = true } == .pinned)
        #expect(hold(blob([1, 2]), [mirror(1), mirror(2)]) { $0.pinned = [BlobID(hashing: [])] } == .pinned)
        #expect(hold(blob([1, 2]), [mirror(1), mirror(2, hasFailed: true)]) == .onlyCopy)
        #expect(hold(blob([1, 2]), [mirror(1), mirror(2, isGone: true)]) == .onlyCopy)
        #expect(hold(blob([1]), [mirror(1)]) { $0.canBeFetchedAgain = false } == .onlyCopy)
        #expect(hold(blob([1], isProved: false), [mirror(1)]) == .onlyCopy)
        #expect(hold(blob([1], isUploaded: true), [mirror(1)]) == .uploaded)
        #expect(hold(blob([1]), [mirror(1)]) { $0.isLimited = false } == .unlimited)
        #expect(hold(blob([1]), [mirror(1)], isOpen: true) == .inUse)
        #expect(hold(blob([1], used: 951), [mirror(1)]) == .young)
        // A clock that was set back makes nothing old.
        #expect(hold(blob([1], used: 5_000), [mirror(1)]) == .young)
    }
}
