/// What is known about an upstream from the requests sent to it.
package struct EgressHealth: Sendable, Equatable {
    package enum BreakerState: String, Sendable {
        case closed, open
        case halfOpen = "half-open"
    }

    package var breaker: BreakerState
    /// How long the open breaker still refuses; nil when it is not open.
    package var retryAfter: Duration?
    /// The last failure in words; nil when none happened since the start.
    package var lastError: String?
    /// How long ago that was.
    package var lastErrorAge: Duration?
    /// The budget the upstream named last; nil when it names none.
    package var rateLimit: RateLimit?
    /// How long it takes until an answer begins, of late; nil before the first answer.
    package var latency: Duration?
}
