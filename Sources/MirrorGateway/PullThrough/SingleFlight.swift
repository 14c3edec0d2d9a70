import HubCore
import Synchronization

/// Shares one piece of work among everyone who wants its result at the same time.
///
/// The work does not belong to the first who asked: it goes on when that one leaves, and `shutDown` ends it.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var flights: [Key: (id: UInt64, task: Task<Value, any Error>)] = [:]
        var counter: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Runs `work`, or waits for the run that is under way.
    /// - Returns: the result and whether somebody else had started it.
    /// - Throws: what `work` throws; `.shuttingDown` once `shutDown` was called; `CancellationError` to a caller who was
    ///   cancelled himself.
    func run(_ key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> (value: Value, joined: Bool)
    {
        let found = state.withLock { state -> (task: Task<Value, any Error>, joined: Bool)? in
            if let flight = state.flights[key] { return (flight.task, true) }
            guard !state.isClosed else { return nil }
            state.counter += 1
            let id = state.counter
            let task = Task { [self] in
                defer { finish(key, id) }
                do {
                    return try await work()
                } catch where Task.isCancelled {
                    // Nobody but `shutDown` cancels it, and what it threw then is not the upstream's fault.
                    throw Self.shuttingDown
                }
            }
            state.flights[key] = (id, task)
            return (task, false)
        }
        guard let found else { throw Self.shuttingDown }
        return (try await Self.wait(for: found.task), found.joined)
    }

    /// Ends what is under way, waits for it, and starts nothing any more.
    func shutDown() async {
        let tasks = state.withLock { state in
            state.isClosed = true
            return state.flights.values.map(\.task)
        }
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
    }

    private static var shuttingDown: HubError { HubError(.shuttingDown, "Weir is shutting down.", retryAfter: 5) }

    private func finish(_ key: Key, _ id: UInt64) {
        state.withLock { state in
            if state.flights[key]?.id == id { state.flights[key] = nil }
        }
    }

    /// Waits for a task without holding a waiter back that was cancelled itself.
    private static func wait(for task: Task<Value, any Error>) async throws -> Value {
        let (stream, continuation) = AsyncStream<Result<Value, any Error>>.makeStream()
        let watcher = Task {
            continuation.yield(await task.result)
            continuation.finish()
        }
        defer { watcher.cancel() }
        for await result in stream { return try result.get() }
        throw CancellationError()
    }
}
