/// What an upstream says it has left for us, counted down between its answers: arithmetic only.
///
/// Times are durations since any fixed moment that does not run backwards.
struct RemoteBudget: Sendable, Equatable {
    /// Requests of a whole window; nil where the upstream does not say.
    private(set) var limit: Int?
    private var remaining: Int?
    private var resetsAt = Duration.zero
    private var shutUntil = Duration.zero

    /// Longer waits are not believed: one request is sent after that to see.
    static let longestWait = Duration.seconds(3600)

    /// Takes in what an answer said.
    /// - Parameter pending: requests that are under way, which the answer may not have counted.
    mutating func note(_ said: RateLimit, pending: Int, at now: Duration) {
        guard let left = said.remaining, let reset = said.resetAfter else { return }
        let end = now + min(reset, Self.longestWait)
        // Answers overtake one another: within a window the smallest number is the newest.
        let isSameWindow = remaining != nil && now < resetsAt && abs((end - resetsAt) / .seconds(1)) <= 2
        let counted = max(0, left - pending)
        remaining = isSameWindow ? min(remaining ?? counted, counted) : counted
        resetsAt = end
        limit = said.limit ?? limit
    }

    /// Nothing is to be sent for a while: the upstream said so.
    mutating func shut(for pause: Duration, at now: Duration) {
        shutUntil = max(shutUntil, now + min(pause, Self.longestWait))
    }

    /// How long until a request may be sent; nil when one may now.
    func wait(of urgency: EgressUrgency, at now: Duration) -> Duration? {
        if now < shutUntil { return shutUntil - now }
        guard let left = left(at: now) else { return nil }
        return left <= limit.map(urgency.reserve) ?? 0 ? resetsAt - now : nil
    }

    mutating func count() { remaining = remaining.map { max(0, $0 - 1) } }

    /// Requests left of the window; nil when that is not known.
    func left(at now: Duration) -> Int? { now < resetsAt ? remaining : nil }

    /// Until the budget is full again, or the upstream may be asked again.
    func opens(at now: Duration) -> Duration? {
        let until = left(at: now) == nil ? shutUntil : max(shutUntil, resetsAt)
        return until > now ? until - now : nil
    }

    /// Whether the upstream asked to be left alone, and that time is not over.
    func isShut(at now: Duration) -> Bool { now < shutUntil }
}
