import Synchronization

/// Shares one piece of work among everyone who wants its result at the same time.
///
/// The work does not belong to the first who asked: it goes on when that one leaves, and `cancelAll` ends it at shutdown.
final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var flights: [Key: (id: UInt64, task: Task<Value, any Error>)] = [:]
        var counter: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Runs `work`, or waits for the run that is under way.
    /// - Returns: the result and whether somebody else had started it.
    func run(_ key: Key, _ work: @escaping @Sendable () async throws -> Value) async throws -> (value: Value, joined: Bool)
    {
        let (task, joined) = state.withLock { state -> (Task<Value, any Error>, Bool) in
            if let flight = state.flights[key] { return (flight.task, true) }
            state.counter += 1
            let id = state.counter
            let task = Task { [self] in
                defer { finish(key, id) }
                return try await work()
            }
            state.flights[key] = (id, task)
            return (task, false)
        }
        return (try await Self.wait(for: task), joined)
    }

    func cancelAll() {
        let tasks = state.withLock { state in state.flights.values.map(\.task) }
        for task in tasks { task.cancel() }
    }

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
