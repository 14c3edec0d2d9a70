import HubCore
import Synchronization

/// Counts what one response body sends and holds it to its declared length.
final class SendMeter: Sendable {
    private struct State {
        var admitted: Int64 = 0
        var sent: Int64 = 0
    }

    private let limit: Int64?
    private let state = Mutex(State())

    /// - Parameter limit: the declared length in bytes.
    init(limit: Int64?) {
        self.limit = limit
    }

    /// Bytes that left.
    var total: Int64 { state.withLock { $0.sent } }

    /// Whether exactly the declared length was sent.
    var isComplete: Bool { limit.map { $0 == total } ?? true }

    func admit(_ count: Int64) throws {
        let isWithin = state.withLock { state in
            state.admitted += count
            return limit.map { state.admitted <= $0 } ?? true
        }
        guard isWithin else {
            throw HubError(.internalError, "A response body is longer than its declared length.")
        }
    }

    func sent(_ count: Int64) {
        state.withLock { $0.sent += count }
    }
}
