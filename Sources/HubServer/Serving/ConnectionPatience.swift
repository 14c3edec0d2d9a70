/// How long a connection may be slow, and why it is closed then (S50): a state machine without clock or I/O.
///
/// Times are nanoseconds of any monotonic clock.
struct ConnectionPatience {
    /// The bounds, in nanoseconds and bytes.
    struct Limits: Sendable, Equatable {
        /// Between two requests.
        var idle: Int64 = 75_000_000_000
        /// From the first byte of a request to the end of its head, however the bytes trickle.
        var head: Int64 = 10_000_000_000
        /// The window in which a body must bring ``bodyBytes`` while we want to read.
        var bodyWindow: Int64 = 30_000_000_000
        var bodyBytes = 30 << 10
        /// How long nothing of a response may leave.
        var write: Int64 = 60_000_000_000
    }

    /// Why a connection is closed.
    enum Reason: String, Sendable {
        case idle, slowHead = "slow-head", slowBody = "slow-body", slowReader = "slow-reader"
    }

    private enum Reading {
        /// No byte of the next request has come since this time.
        case nothing(since: Int64)
        case head(since: Int64)
        /// `wanted` is how long we have wanted bytes in the present window, `count` how many came in it.
        case body(wanted: Int64, count: Int)
    }

    private let limits: Limits
    private var reading: Reading
    private var openResponses = 0
    private var wantsSince: Int64?
    private var stuck: (bytes: Int, since: Int64)?

    init(limits: Limits, now: Int64) {
        self.limits = limits
        reading = .nothing(since: now)
    }

    /// Bytes came from the socket.
    mutating func received(_ count: Int, now: Int64) {
        switch reading {
        case .nothing: reading = .head(since: now)
        case .head: break
        case .body(let wanted, let before): reading = .body(wanted: wanted, count: before &+ count)
        }
    }

    /// We ask the socket for more.
    mutating func wants(now: Int64) {
        if wantsSince == nil { wantsSince = now }
    }

    /// What we asked for has come, at least in part.
    mutating func isServed(now: Int64) {
        account(now: now)
        wantsSince = nil
    }

    mutating func readHead(now: Int64) {
        openResponses += 1
        wantsSince = nil
        reading = .body(wanted: 0, count: 0)
    }

    mutating func readEnd(now: Int64) {
        reading = .nothing(since: now)
    }

    mutating func finishedResponse(now: Int64) {
        openResponses = max(0, openResponses - 1)
        if case .nothing = reading { reading = .nothing(since: now) }
    }

    /// To be called now and then.
    ///
    /// - Parameter buffered: bytes of responses that wait for the socket.
    mutating func check(buffered: Int, now: Int64) -> Reason? {
        if buffered == 0 {
            stuck = nil
        } else if let stuck, stuck.bytes == buffered {
            if now - stuck.since > limits.write { return .slowReader }
        } else {
            stuck = (buffered, now)
        }
        switch reading {
        case .nothing(let since):
            return openResponses == 0 && now - since > limits.idle ? .idle : nil
        case .head(let since):
            // While an answer is being made we may not be reading at all.
            return openResponses == 0 && now - since > limits.head ? .slowHead : nil
        case .body:
            account(now: now)
            guard case .body(let wanted, let count) = reading, wanted > limits.bodyWindow else { return nil }
            reading = .body(wanted: 0, count: 0)
            return count < limits.bodyBytes ? .slowBody : nil
        }
    }

    /// Adds the time we have been waiting to the present window.
    private mutating func account(now: Int64) {
        guard let since = wantsSince else { return }
        wantsSince = now
        if case .body(let wanted, let count) = reading {
            reading = .body(wanted: wanted + now - since, count: count)
        }
    }
}
