/// Counts what goes over the one way out. Called from the transfer thread: return at once.
package protocol EgressMetering: Sendable {
    /// Bytes of body that arrived, as they were on the wire.
    func received(bytes: Int, upstream: String, purpose: EgressRequest.Purpose)
    /// A try came to its end; `outcome` is one of ``EgressOutcome``'s names.
    func finished(upstream: String, outcome: String, purpose: EgressRequest.Purpose)
    /// The breaker of an upstream opened or closed.
    func breaker(upstream: String, open: Bool)
}

/// Counts nothing.
package struct NoEgressMetering: EgressMetering {
    package init() {}
    package func received(bytes: Int, upstream: String, purpose: EgressRequest.Purpose) {}
    package func finished(upstream: String, outcome: String, purpose: EgressRequest.Purpose) {}
    package func breaker(upstream: String, open: Bool) {}
}

/// How one try ended, as metrics label it.
package enum EgressOutcome: String, Sendable, CaseIterable {
    case ok
    /// 4xx other than 429.
    case clientError = "client-error"
    /// 429.
    case throttled
    /// 5xx.
    case serverError = "server-error"
    /// No connection, no answer, or the connection broke.
    case unreachable
    /// No byte for too long, or too few.
    case stalled
    /// Fewer bytes than were announced.
    case truncated
    /// Certificate, address or redirect was not acceptable.
    case refused
    /// The answer contradicts the protocol or its limits.
    case corrupt
    /// Whoever asked went away.
    case cancelled
    /// Not sent, because the upstream's budget is used up.
    case overBudget = "over-budget"
    /// Not sent, because the breaker is open.
    case breakerOpen = "breaker-open"

    /// The outcome a final status stands for.
    init(status: Int) {
        switch status {
        case 429: self = .throttled
        case 400..<500: self = .clientError
        case 500...: self = .serverError
        default: self = .ok
        }
    }
}
