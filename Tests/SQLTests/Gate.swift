import Dispatch
import Synchronization

/// Holds a synchronous body until a test opens it.
final class Gate: Sendable {
    private struct State {
        var isInside = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let opened = DispatchSemaphore(value: 0)

    /// Called in the body.
    func enterAndWait() {
        let waiting = state.withLock { state in
            state.isInside = true
            return state.waiting.take()
        }
        waiting?.resume()
        opened.wait()
    }

    func open() { opened.signal() }

    /// Suspends until the body has been entered.
    func entered() async {
        await withCheckedContinuation { continuation in
            let isInside = state.withLock { state in
                if !state.isInside { state.waiting = continuation }
                return state.isInside
            }
            if isInside { continuation.resume() }
        }
    }
}
