/// Leaves a failing upstream alone, then tries it with one request at a time: a state machine without a clock.
///
/// Failures count within a sliding window, and each success takes back one, so that an upstream that fails now and then
/// under much traffic stays in use and one that fails more often than it answers does not.
/// Times are durations since any fixed moment that does not run backwards.
package struct Breaker: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        /// Requests pass; the moments of recent failures are kept.
        case closed(failures: [Duration])
        /// Requests are refused until a moment.
        case open(until: Duration)
        /// One probe at a time; `succeeded` of them in a row came back well.
        case halfOpen(succeeded: Int, probing: Bool)
    }

    /// What a request was let through as; it hands it back with its outcome.
    package struct Ticket: Sendable, Equatable {
        let generation: Int
        let isProbe: Bool
    }

    package enum Admission: Sendable, Equatable {
        case pass(Ticket)
        case refused(retryAfter: Duration)
    }

    package enum Outcome: Sendable, Equatable {
        case success
        case failure
        /// Says nothing about the upstream: cancelled, or refused by our own rules.
        case neutral
    }

    package private(set) var state = State.closed(failures: [])
    package var policy: BreakerPolicy
    /// Grows with each change of state, so that answers from before do not count after it.
    private var generation = 0

    package init(policy: BreakerPolicy) {
        self.policy = policy
    }

    /// Whether requests are refused, other than a probe.
    package var isOpen: Bool {
        if case .closed = state { false } else { true }
    }

    /// Asks to send one request.
    package mutating func admit(at now: Duration) -> Admission {
        switch state {
        case .closed: return .pass(Ticket(generation: generation, isProbe: false))
        case .open(let until):
            if now < until { return .refused(retryAfter: until - now) }
            enter(.halfOpen(succeeded: 0, probing: true))
            return .pass(Ticket(generation: generation, isProbe: true))
        case .halfOpen(_, probing: true): return .refused(retryAfter: .seconds(1))
        case .halfOpen(let succeeded, probing: false):
            state = .halfOpen(succeeded: succeeded, probing: true)
            return .pass(Ticket(generation: generation, isProbe: true))
        }
    }

    /// Final headers came back. A probe has shown enough with them: a long body need not keep others waiting.
    package mutating func answered(_ ticket: Ticket, wellAt now: Duration) {
        if ticket.isProbe { record(.success, of: ticket, at: now) }
    }

    /// A request came to its end.
    package mutating func record(_ outcome: Outcome, of ticket: Ticket, at now: Duration) {
        guard ticket.generation == generation else { return }
        switch (state, outcome) {
        case (.closed(var failures), .failure):
            failures.removeAll { now - $0 >= policy.window }
            failures.append(now)
            if failures.count >= policy.failures {
                enter(.open(until: now + policy.openFor))
            } else {
                state = .closed(failures: failures)
            }
        case (.closed(var failures), .success):
            if !failures.isEmpty {
                failures.removeFirst()
                state = .closed(failures: failures)
            }
        case (.halfOpen(let succeeded, probing: true), .success):
            if succeeded + 1 >= policy.halfOpen {
                enter(.closed(failures: []))
            } else {
                enter(.halfOpen(succeeded: succeeded + 1, probing: false))
            }
        case (.halfOpen(_, probing: true), .failure): enter(.open(until: now + policy.openFor))
        case (.halfOpen(let succeeded, probing: true), .neutral):
            enter(.halfOpen(succeeded: succeeded, probing: false))
        default: break
        }
    }

    private mutating func enter(_ next: State) {
        state = next
        generation &+= 1
    }
}
