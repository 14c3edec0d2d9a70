/// Decides whether a failed try is repeated, and when: arithmetic only.
struct RetrySchedule: Sendable {
    let policy: RetryPolicy

    /// The statuses that promise a better answer later.
    static func isTransient(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }

    /// The pause before the next try; nil when there is to be none.
    ///
    /// What the upstream asks for wins over our own backoff. If it asks for more than is left, there is no next try:
    /// whoever waits hears it now rather than after a wait that cannot help.
    /// - Parameters:
    ///   - attempt: how many tries there were, from 1.
    ///   - asked: what `Retry-After` or an empty `RateLimit` asks for.
    ///   - remaining: what is left of the caller's deadline.
    ///   - random: from 0 up to 1.
    func pause(after attempt: Int, asked: Duration?, remaining: Duration, random: Double) -> Duration? {
        guard attempt < policy.maxAttempts else { return nil }
        let backoff = backoff(after: attempt, random: random)
        let pause = asked.map { max($0, min(backoff, policy.initialBackoff)) } ?? backoff
        return pause < remaining ? pause : nil
    }

    /// Doubles from the initial to the maximum backoff; between half and all of it, so that waiters spread out.
    func backoff(after attempt: Int, random: Double) -> Duration {
        var full = policy.initialBackoff
        for _ in 1..<max(attempt, 1) where full < policy.maximumBackoff { full += full }
        return min(full, policy.maximumBackoff) * (0.5 + random / 2)
    }

    /// What an answer asks us to wait.
    func wait(askedBy headers: EgressHeaders, now: Int) -> Duration? {
        if let asked = headers.first("retry-after").flatMap({ RetryAfter.parse($0, now: now) }) { return asked }
        return policy.honourRateLimitHeader ? RateLimit(headers: headers, now: now)?.wait : nil
    }
}
