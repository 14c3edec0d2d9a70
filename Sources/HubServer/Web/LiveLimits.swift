import HubCore
import Synchronization

/// How many pages may be kept fresh at once, by each person and in all: each holds a connection.
final class LiveLimits: Sendable {
    private struct State {
        var all = 0
        var byCaller: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let perCaller: Int
    private let inAll: Int

    init(perCaller: Int = 12, inAll: Int = 500) {
        self.perCaller = perCaller
        self.inAll = inAll
    }

    /// Takes a place; whoever got one gives it back with ``leave(_:)``.
    /// - Throws: `.tooManyRequests`.
    func enter(_ caller: String) throws {
        let isIn = state.withLock { state in
            guard state.all < inAll, state.byCaller[caller, default: 0] < perCaller else { return false }
            state.all += 1
            state.byCaller[caller, default: 0] += 1
            return true
        }
        guard isIn else {
            throw HubError(
                .tooManyRequests, "Too many pages are kept fresh at once.",
                remedy: "Close some of them, or load the page again.", retryAfter: 30)
        }
    }

    func leave(_ caller: String) {
        state.withLock { state in
            state.all -= 1
            state.byCaller[caller, default: 1] -= 1
            if state.byCaller[caller] == 0 { state.byCaller[caller] = nil }
        }
    }
}
