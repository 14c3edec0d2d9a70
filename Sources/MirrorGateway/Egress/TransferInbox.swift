import CCurl
import Synchronization

/// How other threads reach the transfer thread: a queue, and libcurl's wake-up.
final class TransferInbox: Sendable {
    enum Command: Sendable {
        case start(TransferPlan, TransferExchange)
        /// Look at what this exchange wants now.
        case attend(TransferExchange)
    }

    /// libcurl's handle; only `curl_multi_wakeup` may be called outside the transfer thread.
    struct MultiHandle: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    private struct State {
        var commands: [Command] = []
        var multi: MultiHandle?
        var isStopping = false
        var hasEnded = false
        var endWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// False when the thread is stopping and takes nothing new.
    @discardableResult
    func send(_ command: Command) -> Bool {
        state.withLock { state in
            if state.hasEnded { return false }
            if state.isStopping, case .start = command { return false }
            state.commands.append(command)
            // Within the lock, so that the handle cannot be freed meanwhile; it is one write to a socket.
            if state.commands.count == 1, let multi = state.multi { curl_multi_wakeup(multi.pointer) }
            return true
        }
    }

    func opened(_ multi: MultiHandle) {
        state.withLock { $0.multi = multi }
    }

    /// Everything sent since the last call, and whether the thread is to end.
    func take() -> (commands: [Command], isStopping: Bool) {
        state.withLock { state in
            defer { state.commands = [] }
            return (state.commands, state.isStopping)
        }
    }

    /// Asks the thread to end every transfer and itself.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            if let multi = state.multi { curl_multi_wakeup(multi.pointer) }
        }
    }

    /// Called by the thread before it frees the handle; returns what came too late.
    func close() -> [Command] {
        let (late, waiters) = state.withLock { state in
            state.multi = nil
            state.hasEnded = true
            defer { (state.commands, state.endWaiters) = ([], []) }
            return (state.commands, state.endWaiters)
        }
        waiters.forEach { $0.resume() }
        return late
    }

    /// Returns when the thread has ended.
    func ended() async {
        await withCheckedContinuation { continuation in
            let done = state.withLock { state in
                if !state.hasEnded { state.endWaiters.append(continuation) }
                return state.hasEnded
            }
            if done { continuation.resume() }
        }
    }
}
