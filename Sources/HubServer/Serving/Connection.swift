import Synchronization

/// One client connection as requests see it: whether the client is still there.
final class Connection: Sendable {
    private struct State {
        var isGone = false
        var next = 0
        var watchers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Runs `operation` and cancels it when the client leaves.
    func untilGone<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await operation() }
        let watcher = watch { task.cancel() }
        defer { forget(watcher) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// The client has left: everything done for it is cancelled.
    func markGone() {
        let watchers = state.withLock { state in
            state.isGone = true
            defer { state.watchers = [:] }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher() }
    }

    private func watch(_ action: @escaping @Sendable () -> Void) -> Int? {
        let token: Int? = state.withLock { state in
            guard !state.isGone else { return nil }
            state.next += 1
            state.watchers[state.next] = action
            return state.next
        }
        if token == nil { action() }
        return token
    }

    private func forget(_ token: Int?) {
        guard let token else { return }
        state.withLock { _ = $0.watchers.removeValue(forKey: token) }
    }
}
