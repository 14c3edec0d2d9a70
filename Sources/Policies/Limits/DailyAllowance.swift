/// How many bytes may still come today. What is promised counts as if it had come, so that many at once do not bring more
/// than one after the other.
package struct DailyAllowance: Sendable, Hashable {
    /// Days since 1970, UTC.
    private var day: Int64
    private var used: Int64
    private var promised: Int64 = 0

    package init(day: Int64, used: Int64 = 0) {
        self.day = day
        self.used = used
    }

    /// Begins a new day when there is one. What is promised stays promised.
    private mutating func turn(to today: Int64) {
        guard today > day else { return }
        day = today
        used = 0
    }

    /// Sets bytes aside.
    /// - Parameter reserve: bytes of the limit that are to be left untouched.
    /// - Returns: false when they do not fit.
    package mutating func promise(_ bytes: Int64, of limit: Int64?, leaving reserve: Int64 = 0, on today: Int64) -> Bool
    {
        turn(to: today)
        guard let limit = limit.map({ $0 - min(reserve, max(0, $0 - 1)) }) else { promised += bytes; return true }
        // With nothing left not even an answer of unknown length may come.
        guard used + promised < limit, bytes <= limit - used - promised else { return false }
        promised += bytes
        return true
    }

    /// Bytes came; those that were promised for them are promised no longer.
    package mutating func receive(_ bytes: Int64, ofPromise share: Int64, on today: Int64) {
        turn(to: today)
        used += bytes
        release(share)
    }

    /// What was promised and will not come.
    package mutating func release(_ bytes: Int64) { promised = max(0, promised - bytes) }

    /// Whether nothing came that day and nothing is to come.
    package mutating func isIdle(on today: Int64) -> Bool {
        turn(to: today)
        return used == 0 && promised == 0
    }

    /// Bytes that came on that day.
    package mutating func used(on today: Int64) -> Int64 {
        turn(to: today)
        return used
    }

    package mutating func left(of limit: Int64, on today: Int64) -> Int64 {
        turn(to: today)
        return max(0, limit - used - promised)
    }
}
