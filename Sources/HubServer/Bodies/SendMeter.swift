import HubCore
import MirrorGateway
import Synchronization

/// Counts what one response body sends and holds it to its declared length.
final class SendMeter: Sendable {
    private struct State {
        var admitted: Int64 = 0
        var sent: Int64 = 0
    }

    private let limit: Int64?
    private let use: QuotaUse?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: the declared length in bytes.
    ///   - use: what the bytes are taken of; of a body without a declared length they are set aside one by one.
    init(limit: Int64?, of use: QuotaUse? = nil) {
        self.limit = limit
        self.use = use
    }

    /// Bytes that left.
    var total: Int64 { state.withLock { $0.sent } }

    /// Whether exactly the declared length was sent.
    var isComplete: Bool { limit.map { $0 == total } ?? true }

    func admit(_ count: Int64) throws {
        let (admitted, isWithin) = state.withLock { state in
            state.admitted += count
            return (state.admitted, limit.map { state.admitted <= $0 } ?? true)
        }
        try use?.reach(admitted)
        guard isWithin else {
            throw HubError(.internalError, "A response body is longer than its declared length.")
        }
    }

    func sent(_ count: Int64) {
        state.withLock { $0.sent += count }
        use?.sent(count)
    }
}
