import Synchronization

/// A piece of a blob that one request brings: where it is, and where it ends now that others may have taken of it.
final class RangePiece: Sendable {
    private struct State {
        var position: Int64
        var end: Int64
        var isStream: Bool
        var fresh: Int64 = 0
        var moved: Duration
        var isStopped = false
        var work: Task<Void, any Error>?
    }

    let id: Int
    /// The index of the source it is asked of.
    let source: Int
    /// The source's way that is taken.
    let way: Int
    /// How often the source had failed when this began.
    let epoch: Int
    let start: Int64
    private let began: Duration
    private let state: Mutex<State>

    /// How long nothing may come before a piece counts as one that brings nothing.
    private static let silence = Duration.milliseconds(1_500)

    init(
        id: Int, source: Int, way: Int, epoch: Int, range: Range<Int64>, isStream: Bool, now: Duration
    ) {
        self.id = id
        self.source = source
        self.way = way
        self.epoch = epoch
        start = range.lowerBound
        began = now
        state = Mutex(State(position: range.lowerBound, end: range.upperBound, isStream: isStream, moved: now))
    }

    var rest: Range<Int64> {
        state.withLock { $0.position..<max($0.position, $0.end) }
    }
    var isStream: Bool { state.withLock { $0.isStream } }
    /// Bytes that nobody else had brought.
    var fresh: Int64 { state.withLock { $0.fresh } }
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Bytes per second; without end while it is too young to tell.
    func rate(at now: Duration) -> Double {
        state.withLock { state in
            if now - began < Self.silence { return .greatestFiniteMagnitude }
            guard now - state.moved < Self.silence else { return 0 }
            return Double(state.position - start) / max(0.001, (now - began).inSeconds)
        }
    }

    /// Bytes per second from its beginning to its last byte.
    var averageRate: Double {
        state.withLock { Double($0.position - start) / max(0.001, ($0.moved - began).inSeconds) }
    }

    func advance(by count: Int64, fresh: Int64, now: Duration) {
        state.withLock { state in
            state.position += count
            state.fresh += fresh
            state.moved = now
        }
    }

    /// The source ignores ranges: it brings everything from the beginning.
    func becomeStream(size: Int64) {
        state.withLock { state in
            state.isStream = true
            state.end = size
        }
    }

    /// Takes away what lies from `offset` on.
    /// - Returns: what was taken.
    func cut(from offset: Int64) -> Range<Int64> {
        let (taken, work) = state.withLock { state in
            let from = min(max(offset, state.position), state.end)
            let taken = from..<state.end
            state.end = from
            // Nothing is left to wait for.
            if from == state.position { state.isStopped = true }
            return (taken, state.isStopped ? state.work : nil)
        }
        work?.cancel()
        return taken
    }

    /// Ends it: what it would bring is not needed.
    func stop() {
        let work = state.withLock { state in
            state.isStopped = true
            return state.work
        }
        work?.cancel()
    }

    func hold(_ work: Task<Void, any Error>) {
        let isStopped = state.withLock { state in
            state.work = work
            return state.isStopped
        }
        if isStopped { work.cancel() }
    }
}

extension Duration {
    /// Seconds with their fraction.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
