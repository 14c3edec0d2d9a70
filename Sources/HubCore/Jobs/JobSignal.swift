import Synchronization

/// Tells those of this process who watch jobs that something changed, so that they need not ask often.
package final class JobSignal: Sendable {
    private struct State {
        var next = 0
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// One element after each change; several changes that nobody looked at are one.
    package func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let key = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in _ = state.listeners.removeValue(forKey: key) }
        }
        return stream
    }

    func raise() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }
}
