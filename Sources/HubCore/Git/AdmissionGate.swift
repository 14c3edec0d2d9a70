import Synchronization

/// Admits a bounded number at once, lets a bounded number wait in order, and turns the rest away.
final class AdmissionGate: Sendable {
    private struct State: Sendable {
        var running = 0
        var nextTicket: UInt64 = 0
        var waiting: [(ticket: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
        /// Tickets cancelled before they began to wait.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())
    private let limit: Int
    private let queueLimit: Int
    private let subject: String

    /// - Parameters:
    ///   - limit: how many run at once.
    ///   - queueLimit: how many may wait.
    ///   - subject: what is limited, for the message, such as "git transfers".
    init(limit: Int, queueLimit: Int, subject: String) {
        self.limit = max(1, limit)
        self.queueLimit = max(0, queueLimit)
        self.subject = subject
    }

    /// Waits for admission; every success is paired with one `leave()`.
    /// - Throws: `too-many-requests` (503 with a time to retry) when the queue is full; `CancellationError`.
    func enter() async throws {
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
                    if state.running < limit {
                        state.running += 1
                        return .success(())
                    }
                    guard state.waiting.count < queueLimit else { return .failure(self.refusal) }
                    state.waiting.append((ticket, continuation))
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

    /// Makes room for the next in line.
    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }

    private var refusal: HubError {
        HubError(
            .tooManyRequests, "Too many \(subject) are running and waiting.", remedy: "Try again in a few seconds.",
            status: 503, retryAfter: 5)
    }
}
