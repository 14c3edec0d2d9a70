/// Shapes a flow to a rate: what goes through now is paid for by waiting afterwards, so that the average is exact however
/// large the pieces are.
package struct TokenBucket: Sendable, Hashable {
    /// How much of a second's flow may go through at once after a pause.
    private static let burst = 0.05
    /// The same while there is always somebody who wants to: time that passes unused then is ours, lost on a busy
    /// machine, and is made up for. In half a minute it is less than a twentieth.
    private static let arrears = 1.0

    /// Tokens, below zero for debt.
    private var level: Double
    private var rate: Double
    private var last: Duration

    /// - Parameters:
    ///   - rate: tokens a second, more than zero.
    ///   - now: time since any fixed moment.
    package init(rate: Int64, at now: Duration) {
        self.rate = Double(max(1, rate))
        level = self.rate * Self.burst
        last = now
    }

    /// Lets time pass, and from then on holds another rate. Debt made at the old rate stays what it is.
    /// - Parameter isWanted: whether somebody wanted to go through all the while.
    package mutating func advance(to now: Duration, rate next: Int64, isWanted: Bool = false) {
        let burst = isWanted ? Self.arrears : Self.burst
        if now > last {
            level = min(rate * burst, level + rate * ((now - last) / .seconds(1)))
            last = now
        }
        guard Double(max(1, next)) != rate else { return }
        rate = Double(max(1, next))
        level = min(level, rate * burst)
    }

    /// Whether something may go through now.
    package var isOpen: Bool { level > 0 }

    package mutating func spend(_ tokens: Int) { level -= Double(tokens) }

    /// How long until it is open; zero when it is.
    package var wait: Duration { isOpen ? .zero : .seconds((1 - level) / rate) }
}
