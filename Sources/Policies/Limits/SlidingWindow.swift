/// Counts what happened in the last stretch of time, so that no stretch of that length ever holds more than its limit.
///
/// Upstreams count in fixed windows whose beginnings nobody knows; one that slides fits into all of them.
package struct SlidingWindow: Sendable, Hashable {
    private static let slots: Int64 = 60

    package private(set) var limit: Int
    package let length: Duration
    private var counts: [Int64: Int] = [:]

    /// - Parameters:
    ///   - limit: what a stretch may hold.
    ///   - length: of a stretch.
    package init(limit: Int, length: Duration) {
        self.limit = max(1, limit)
        self.length = max(.milliseconds(Self.slots), length)
    }

    package mutating func change(limit: Int) { self.limit = max(1, limit) }

    private var slotLength: Duration { length / Int(Self.slots) }

    private func slot(at now: Duration) -> Int64 { Int64(now / slotLength) }

    private mutating func forget(at now: Duration) {
        // The slot that is passed in part counts whole until it has passed.
        let oldest = slot(at: now) - Self.slots
        counts = counts.filter { $0.key >= oldest }
    }

    /// How many more may happen now.
    package mutating func left(at now: Duration) -> Int {
        forget(at: now)
        return max(0, limit - counts.values.reduce(0, +))
    }

    /// How long until one more may happen and `reserve` more would fit after it; nil when that is now.
    package mutating func wait(at now: Duration, leaving reserve: Int = 0) -> Duration? {
        let free = left(at: now)
        // With all of it reserved nothing would ever happen.
        let reserve = min(max(0, reserve), limit - 1)
        guard free <= reserve else { return nil }
        var freed = free
        for (slot, count) in counts.sorted(by: { $0.key < $1.key }) {
            freed += count
            if freed > reserve { return max(.milliseconds(1), slotLength * Int(slot + Self.slots + 1) - now) }
        }
        return max(.milliseconds(1), length)
    }

    package mutating func count(at now: Duration) { counts[slot(at: now), default: 0] += 1 }

    /// Whether nothing of what happened counts any more.
    package mutating func isEmpty(at now: Duration) -> Bool {
        forget(at: now)
        return counts.isEmpty
    }
}
