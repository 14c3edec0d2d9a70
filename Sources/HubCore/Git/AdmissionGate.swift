import Synchronization

/// Admits a bounded number at once, lets a bounded number wait in order, and turns the rest away. One caller has at most
/// half of both, so that whoever storms stands in nobody's way but his own (S32).
final class AdmissionGate: Sendable {
    private struct Waiter: Sendable {
        let ticket: UInt64
        let caller: String?
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State: Sendable {
        var running = 0
        /// Of each caller that is known by a name.
        var runningOf: [String: Int] = [:]
        var nextTicket: UInt64 = 0
        var waiting: [Waiter] = []
        /// Tickets cancelled before they began to wait.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())
    private let limit: Int
    private let queueLimit: Int
    private let subject: String

    private var share: Int { max(1, limit / 2) }
    private var queueShare: Int { max(1, queueLimit / 2) }

    /// - Parameters:
    ///   - limit: how many run at once.
    ///   - queueLimit: how many may wait.
    ///   - subject: what is limited, for the message, such as "git transfers".
    init(limit: Int, queueLimit: Int, subject: String) {
        self.limit = max(1, limit)
        self.queueLimit = max(0, queueLimit)
        self.subject = subject
    }

    /// Waits for admission; every success is paired with one `leave(as:)`.
    /// - Parameter caller: who asks; nil for our own work, which is in nobody's share.
    /// - Throws: `too-many-requests` (503 with a time to retry) when the queue, or the caller's part of it, is full;
    ///   `CancellationError`.
    func enter(as caller: String? = nil) async throws {
        try Task.checkCancellation()
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        // A cancellation that came too early or too late leaves its ticket behind.
        defer { state.withLock { _ = $0.cancelled.remove(ticket) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil { return .failure(CancellationError()) }
                    if self.admits(caller, state) {
                        Self.begin(caller, &state)
                        return .success(())
                    }
                    guard self.lets(caller, wait: state) else { return .failure(self.refusal) }
                    state.waiting.append(Waiter(ticket: ticket, caller: caller, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                    state.cancelled.insert(ticket)
                    return nil
                }
                return state.waiting.remove(at: index).continuation
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Makes room for the next in line whose share is not used up.
    func leave(as caller: String? = nil) {
        let next = state.withLock { state -> [Waiter] in
            state.running -= 1
            if let caller {
                let left = state.runningOf[caller, default: 1] - 1
                state.runningOf[caller] = left > 0 ? left : nil
            }
            var next: [Waiter] = []
            while let index = state.waiting.firstIndex(where: { admits($0.caller, state) }) {
                let waiter = state.waiting.remove(at: index)
                Self.begin(waiter.caller, &state)
                next.append(waiter)
            }
            return next
        }
        for waiter in next { waiter.continuation.resume() }
    }

    private func admits(_ caller: String?, _ state: State) -> Bool {
        state.running < limit && (caller.map { state.runningOf[$0, default: 0] < share } ?? true)
    }

    private func lets(_ caller: String?, wait state: State) -> Bool {
        guard state.waiting.count < queueLimit else { return false }
        return caller.map { name in state.waiting.count { $0.caller == name } < queueShare } ?? true
    }

    private static func begin(_ caller: String?, _ state: inout State) {
        state.running += 1
        if let caller { state.runningOf[caller, default: 0] += 1 }
    }

    private var refusal: HubError {
        HubError(
            .tooManyRequests, "Too many \(subject) are running and waiting.", remedy: "Try again in a few seconds.",
            status: 503, retryAfter: 5)
    }
}
