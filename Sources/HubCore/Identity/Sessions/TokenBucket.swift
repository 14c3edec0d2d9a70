/// How often something may happen: a number at once, and a rate in the long run. Arithmetic only; time is an argument.
struct TokenBucket: Sendable, Hashable {
    /// What it holds when it is full.
    struct Size: Sendable, Hashable {
        let capacity: Double
        /// What flows in, per second.
        let rate: Double
    }

    let size: Size
    private(set) var level: Double
    private var filledAt: Int64

    init(_ size: Size, now: Int64) {
        self.size = size
        level = size.capacity
        filledAt = now
    }

    /// What it would hold at a time, in milliseconds since 1970.
    func level(at now: Int64) -> Double {
        min(size.capacity, level + Double(max(0, now - filledAt)) / 1_000 * size.rate)
    }

    /// Seconds until one can be taken; 0 when there is one now.
    func wait(at now: Int64) -> Int {
        let missing = 1 - level(at: now)
        return missing <= 0 ? 0 : max(1, Int((missing / size.rate).rounded(.up)))
    }

    /// Takes one; there must be one.
    mutating func take(at now: Int64) {
        level = level(at: now) - 1
        filledAt = now
    }

    /// Puts one back.
    mutating func giveBack(at now: Int64) {
        level = min(size.capacity, level(at: now) + 1)
        filledAt = now
    }
}
