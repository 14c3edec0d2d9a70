package import HubCore
import Synchronization

/// What one answer takes of its readers' bytes of a day: set aside before it is sent, so that many at once get no more
/// than one after the other; booked while it is sent; what was not sent is given back.
package final class QuotaUse: Sendable {
    private struct State {
        /// Bytes set aside, those that were sent since included.
        var room: Int64 = 0
        var sent: Int64 = 0
    }

    private let quotas: MirrorQuotas
    private let shares: [QuotaShare]
    private let state = Mutex(State())

    init(_ quotas: MirrorQuotas, _ shares: [QuotaShare]) {
        self.quotas = quotas
        self.shares = shares
    }

    deinit { finish() }

    /// Sets aside exactly what an answer of known length will have.
    /// - Throws: `.tooManyRequests`; then nothing is set aside.
    package func settle(on length: Int64) throws(HubError) {
        let excess = state.withLock { state in
            let excess = max(0, state.room - max(length, state.sent))
            state.room -= excess
            return excess
        }
        quotas.release(excess, shares)
        try reach(length)
    }

    /// Sets aside what an answer has had when it will have had that much.
    /// - Throws: `.tooManyRequests`.
    package func reach(_ total: Int64) throws(HubError) {
        let missing = state.withLock { max(0, total - $0.room) }
        guard missing > 0 else { return }
        try quotas.promise(missing, shares)
        state.withLock { $0.room += missing }
    }

    /// - Throws: `.tooManyRequests` when so much more would not fit now.
    func require(_ bytes: Int64) throws(HubError) { try quotas.require(bytes, shares) }

    /// Bytes have left for the reader.
    package func sent(_ bytes: Int64) {
        let share = state.withLock { state in
            let share = max(0, min(bytes, state.room - state.sent))
            state.sent += bytes
            return share
        }
        quotas.book(bytes, ofPromise: share, shares)
    }

    /// All that will be sent was sent.
    package func finish() {
        let rest = state.withLock { state in
            defer { state.room = min(state.room, state.sent) }
            return max(0, state.room - state.sent)
        }
        quotas.release(rest, shares)
    }
}
