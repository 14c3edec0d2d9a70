import Synchronization

/// Open repository handles that nobody uses at the moment, most recently used last.
///
/// Opening costs 0.4 ms and reading through an open handle 0.02 ms, so handles are kept; each is lent to one caller at
/// a time, and a second caller of the same repository gets a second handle.
final class OpenRepositories: Sendable {
    private struct Idle: Sendable {
        let key: Int64
        let repository: GitRepository
        /// When packs came or went last before it was opened, in nanoseconds.
        let packs: Int64?
    }

    private struct State: Sendable {
        var idle: [Idle] = []
        /// Raised when a repository is removed, so that handles lent before are not taken back.
        var generations: [Int64: Int] = [:]
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: the most idle handles kept open.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Lends a handle to `body`, opening one when none is idle.
    ///
    /// One that was opened before packs came or went is not lent again: it would keep the space of packs that another
    /// process has replaced, and remember objects that are gone.
    func with<Result>(_ key: Int64, at directory: String, _ body: (GitRepository) throws -> Result) throws -> Result {
        let packs = try PosixFile.stamp(of: "\(directory)/objects/pack")?.written
        let (kept, stale, generation) = state.withLock { state in
            let index = state.idle.lastIndex { $0.key == key }
            let idle = index.map { state.idle.remove(at: $0) }
            return (
                idle?.packs == packs ? idle : nil, idle?.packs == packs ? nil : idle, state.generations[key] ?? 0
            )
        }
        withExtendedLifetime(stale) {}
        let repository = try kept?.repository ?? GitRepository(opening: directory)
        defer { giveBack(Idle(key: key, repository: repository, packs: packs), generation: generation) }
        return try body(repository)
    }

    /// Closes the idle handles of a repository and forgets those that are lent.
    func close(_ key: Int64) {
        // Handles are freed outside the lock.
        let closed = state.withLock { state in
            let closed = state.idle.filter { $0.key == key }
            state.idle.removeAll { $0.key == key }
            state.generations[key, default: 0] += 1
            return closed
        }
        withExtendedLifetime(closed) {}
    }

    private func giveBack(_ idle: Idle, generation: Int) {
        let closed: Idle? = state.withLock { state in
            guard state.generations[idle.key] ?? 0 == generation else { return nil }
            state.idle.append(idle)
            return state.idle.count > capacity ? state.idle.removeFirst() : nil
        }
        withExtendedLifetime(closed) {}
    }
}
