import HubCore
import Synchronization

/// Conclusions that were drawn, until something they rest on changes.
final class ConclusionMemory: Sendable {
    struct Key: Hashable {
        let repository: Int64
        let commit: CommitID
    }

    private struct Entry {
        let finding: LicenseFinding
        let names: Set<LineageName>
        let until: Int64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var generation = 0
        /// Counts what was learnt, so that nothing is remembered that rests on less.
        var learnt = 0
        /// What the latest of it was about.
        var latest: [Set<LineageName>] = []

        /// Whether something about these names was learnt since a mark, as far as anybody remembers.
        func hasLearnt(of names: Set<LineageName>, since mark: Int) -> Bool {
            let missed = learnt &- mark
            guard missed >= 0, missed <= latest.count else { return true }
            return latest.suffix(missed).contains { !$0.isDisjoint(with: names) }
        }
    }

    private let state = Mutex(State())
    private let clock: WallClock
    private static let maximum = 4_096
    private static let rememberedNews = 1_024
    /// Other processes and the catalogue learn as well, and say nothing here.
    private static let lifetime: Int64 = 60_000

    init(clock: WallClock) { self.clock = clock }

    /// Changes when a conclusion that was told before may no longer hold.
    var generation: Int { state.withLock { $0.generation } }

    /// What was learnt so far; to be given back with what rests on it.
    var mark: Int { state.withLock { $0.learnt } }

    subscript(key: Key) -> LicenseFinding? {
        let now = clock.now()
        return state.withLock { state in state.entries[key].flatMap { $0.until > now ? $0.finding : nil } }
    }

    /// - Parameters:
    ///   - mark: what had been learnt before the search began.
    ///   - isPassing: whether something that was missing may come soon.
    func remember(_ finding: LicenseFinding, names: Set<LineageName>, for key: Key, mark: Int, isPassing: Bool) {
        let now = clock.now()
        state.withLock { state in
            if let before = state.entries[key], before.finding.conclusion != finding.conclusion {
                state.generation &+= 1
            }
            guard !state.hasLearnt(of: names, since: mark) else {
                state.entries[key] = nil
                return
            }
            if state.entries.count >= Self.maximum { state.entries = state.entries.filter { $0.value.until > now } }
            if state.entries.count >= Self.maximum { state.entries.removeAll() }
            state.entries[key] = Entry(
                finding: finding, names: names, until: now &+ (isPassing ? 5_000 : Self.lifetime))
        }
    }

    /// Something became known of what these names mean.
    func forget(_ names: Set<LineageName>) {
        state.withLock { state in
            state.learnt &+= 1
            state.latest.append(names)
            if state.latest.count > Self.rememberedNews { state.latest.removeFirst(Self.rememberedNews / 2) }
            let stale = state.entries.filter { !$0.value.names.isDisjoint(with: names) }.map(\.key)
            guard !stale.isEmpty else { return }
            state.generation &+= 1
            for key in stale { state.entries[key] = nil }
        }
    }
}
