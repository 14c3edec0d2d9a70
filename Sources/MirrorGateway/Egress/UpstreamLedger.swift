import HubCore
import Synchronization

/// What is remembered of each upstream between requests: its breaker, its last failure, its budget.
final class UpstreamLedger: Sendable {
    private struct Entry {
        var breaker: Breaker
        var lastError: (text: String, at: Duration)?
        var rateLimit: RateLimit?
        var latency: Duration?
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let metrics: any EgressMetering

    init(metrics: any EgressMetering) {
        self.metrics = metrics
    }

    /// Asks to send one request to an upstream.
    ///
    /// - Throws: `upstream-unavailable` with the seconds to wait when its breaker is open.
    func admit(_ connection: UpstreamConnection, now: Duration) throws(HubError) -> Breaker.Ticket {
        let (admission, lastError) = entries.withLock { entries in
            var entry = entries[connection.name] ?? Entry(breaker: Breaker(policy: connection.breaker))
            entry.breaker.policy = connection.breaker
            let admission = entry.breaker.admit(at: now)
            entries[connection.name] = entry
            return (admission, entry.lastError?.text)
        }
        switch admission {
        case .pass(let ticket): return ticket
        case .refused(let retryAfter):
            let seconds = (retryAfter.wholeMilliseconds + 999) / 1000
            let because = lastError.map { " The last failure: \($0)" } ?? ""
            throw HubError(
                .upstreamUnavailable,
                "Upstream \(connection.name) is left alone for another \(seconds) s after repeated failures.\(because)",
                remedy: "Try again later; what is stored here is still served.", retryAfter: seconds)
        }
    }

    /// Final headers came back well.
    func answered(_ name: String, _ ticket: Breaker.Ticket, now: Duration, after latency: Duration) {
        change(name) { entry in
            entry.breaker.answered(ticket, wellAt: now)
            // The last few count: one slow answer does not make an upstream slow.
            entry.latency = entry.latency.map { ($0 * 3 + latency) / 4 } ?? latency
        }
    }

    /// A try came to its end; `error` says why it failed.
    func record(_ outcome: Breaker.Outcome, _ name: String, _ ticket: Breaker.Ticket, error: String?, now: Duration) {
        change(name) { entry in
            if let error, outcome == .failure { entry.lastError = (error, now) }
            entry.breaker.record(outcome, of: ticket, at: now)
        }
    }

    func note(_ rateLimit: RateLimit, of name: String) {
        change(name) { $0.rateLimit = rateLimit }
    }

    func health(of name: String, now: Duration) -> EgressHealth {
        guard let entry = entries.withLock({ $0[name] }) else { return EgressHealth(breaker: .closed) }
        var health = EgressHealth(
            breaker: .closed, lastError: entry.lastError?.text, lastErrorAge: entry.lastError.map { now - $0.at },
            rateLimit: entry.rateLimit, latency: entry.latency)
        switch entry.breaker.state {
        case .closed: break
        case .halfOpen: health.breaker = .halfOpen
        case .open(let until):
            health.breaker = .open
            health.retryAfter = max(.zero, until - now)
        }
        return health
    }

    private func change(_ name: String, _ body: (inout Entry) -> Void) {
        let (before, after) = entries.withLock { entries in
            guard var entry = entries[name] else { return (false, false) }
            let before = entry.breaker.isOpen
            body(&entry)
            entries[name] = entry
            return (before, entry.breaker.isOpen)
        }
        if before != after { metrics.breaker(upstream: name, open: after) }
    }
}
