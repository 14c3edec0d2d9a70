import Synchronization

/// Open repository handles that nobody uses at the moment, most recently used last.
///
/// Opening costs 0.4 ms and reading through an open handle 0.02 ms, so handles are kept; each is lent to one caller at
/// a time, and a second caller of the same repository gets a second handle.
final class OpenRepositories: Sendable {
    private struct Idle: Sendable {
        let key: Int64
        let repository: GitRepository
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
    func with<Result>(_ key: Int64, at directory: String, _ body: (GitRepository) throws -> Result) throws -> Result {
        let (kept, generation) = state.withLock { state in
            let index = state.idle.lastIndex { $0.key == key }
            return (index.map { state.idle.remove(at: $0).repository }, state.generations[key] ?? 0)
        }
        let repository = try kept ?? GitRepository(opening: directory)
        defer { giveBack(repository, key: key, generation: generation) }
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

    private func giveBack(_ repository: GitRepository, key: Int64, generation: Int) {
        let closed: Idle? = state.withLock { state in
            guard state.generations[key] ?? 0 == generation else { return nil }
            state.idle.append(Idle(key: key, repository: repository))
            return state.idle.count > capacity ? state.idle.removeFirst() : nil
        }
        withExtendedLifetime(closed) {}
    }
}
