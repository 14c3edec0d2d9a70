package import HubCore
import Synchronization

/// What one request of a client takes of the quotas of mirrors: it is counted once, however many repositories and files
/// it opens. What the hub does by itself has no tally and counts for nobody.
package final class QuotaTally: Sendable {
    @TaskLocal package static var current: QuotaTally?

    private struct State {
        var counted: Set<String> = []
        var use: QuotaUse?
        var expected: @Sendable (Int64) -> Int64
    }

    private let state: Mutex<State>

    /// - Parameter expected: how many bytes the answer will have of a file of a size, which a range says.
    package init(expecting expected: @escaping @Sendable (Int64) -> Int64 = { $0 }) {
        state = Mutex(State(expected: expected))
    }

    /// Says better how much of a file of a size the answer will be.
    package func expect(_ expected: @escaping @Sendable (Int64) -> Int64) { state.withLock { $0.expected = expected } }

    /// What the bytes of the answer are taken of; nil where nothing limits them.
    package var use: QuotaUse? { state.withLock { $0.use } }

    /// Refuses what would not fit, without setting anything aside.
    /// - Throws: `.tooManyRequests`.
    package func require(_ bytes: Int64) throws(HubError) { try use?.require(bytes) }

    /// Sets aside what the answer will have of a file of that size, before anything is fetched for it.
    /// - Throws: `.tooManyRequests`.
    func hold(fileOf size: Int64) throws(HubError) {
        let (use, expected) = state.withLock { ($0.use, $0.expected) }
        try use?.reach(expected(size))
    }

    /// Whether the request is to be counted against a mirror's quotas: once.
    func isFirst(at mirror: String) -> Bool { state.withLock { $0.counted.insert(mirror).inserted } }

    func begin(_ make: () -> QuotaUse) { state.withLock { if $0.use == nil { $0.use = make() } } }
}
