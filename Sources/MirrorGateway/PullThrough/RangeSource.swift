import HubCore

/// One upstream in a transfer of a blob in pieces: how it may be asked, and how it has done so far.
struct RangeSource: Sendable {
    /// The changes in the number of ranges, which follow the rate that they bring.
    private struct Growth: Sendable {
        /// Bytes per second with one range less; nil while that is not known.
        var before: Double?
        var counted: Int64 = 0
        var since: Duration
        /// No more is tried until then.
        var settledUntil = Duration.zero
    }

    let origin: BlobOrigin
    let ways: [BlobRequest]
    private(set) var way = 0
    private(set) var isDead = false
    /// Whether it has answered a range with that range.
    private(set) var isKnown = false
    /// It answers every range with the whole: one stream from the beginning is all it can give.
    private(set) var ignoresRanges = false
    var isResting = false
    var active = 0
    /// Ranges that it may be asked for at once.
    private(set) var allowed = 1
    /// Counts its failures, so that one failure that cuts several ranges counts once.
    private(set) var epoch = 0
    private var fruitless = 0
    /// Bytes per second of one range of late.
    private(set) var laneRate: Double?
    private var growth: Growth
    private var received: Int64 = 0

    /// How often it may fail with next to nothing new before it is given up.
    private static let fruitlessAttempts = 3
    /// What a piece must bring to count as a step forward.
    private static let fruitfulBytes: Int64 = 64 << 10
    private static let trialTime = Duration.milliseconds(500)
    private static let rest = Duration.seconds(10)
    /// A range more must bring this much more.
    private static let worthwhileGrowth = 1.1

    init(origin: BlobOrigin, ways: [BlobRequest], now: Duration) {
        self.origin = origin
        self.ways = ways
        growth = Growth(since: now)
        isDead = ways.isEmpty
    }

    var name: String { origin.upstream.name }
    /// Nil when every way was taken in vain.
    var request: BlobRequest? { isDead ? nil : ways[way] }
    /// Whether one more range may be asked for.
    var hasRoom: Bool {
        !isDead && !isResting && active < (isKnown && !ignoresRanges ? allowed : 1)
    }

    mutating func answered() {
        guard !isKnown else { return }
        isKnown = true
        // Two from the beginning; after a failure they are added one by one.
        if epoch == 0 { allowed = min(2, origin.ranges) }
    }

    mutating func ignoredRange() {
        ignoresRanges = true
        allowed = 1
    }

    mutating func brought(_ bytes: Int64) { received += bytes }

    /// A piece came to its end.
    mutating func finished(_ piece: RangePiece, rate: Double) {
        fruitless = 0
        if rate > 0 { laneRate = laneRate.map { $0 * 0.5 + rate * 0.5 } ?? rate }
    }

    /// A piece was cut or refused for now.
    /// - Returns: how long to leave the source alone; nil when it is given up on this way.
    mutating func failed(_ piece: RangePiece, retryAfter: Int?, isOnly: Bool, now: Duration) -> Duration? {
        let moved = piece.fresh >= Self.fruitfulBytes
        // The same failure has been counted by another piece.
        guard piece.epoch == epoch else { return .zero }
        epoch += 1
        fruitless = moved ? 0 : fruitless + 1
        // Fewer at once; and one alone tries whether it is there again.
        allowed = max(1, allowed / 2)
        isKnown = false
        growth = Growth(before: nil, counted: received, since: now, settledUntil: now + Self.rest)
        guard fruitless < Self.fruitlessAttempts else { return nil }
        // Where there is nobody else, readers wait: they are told to come back rather than kept.
        let asked = isOnly ? nil : retryAfter.map { Duration.seconds(min(max($0, 1), 60)) }
        return max(asked ?? .zero, moved ? .milliseconds(50) : .milliseconds(300 << fruitless))
    }

    /// The way is closed; the next one is taken.
    /// - Returns: whether it was the first way, whose reason tells most; nil when another piece had found out before.
    mutating func close(_ closed: Int) -> Bool? {
        guard closed == way, !isDead else { return nil }
        fruitless = 0
        epoch += 1
        isKnown = false
        ignoresRanges = false
        if way + 1 < ways.count { way += 1 } else { isDead = true }
        return closed == 0
    }

    mutating func giveUp() { isDead = true }

    /// Adds a range while that makes the whole faster, and takes it back where it did not.
    /// - Parameter underway: bytes that its pieces which have not ended have brought.
    mutating func adapt(now: Duration, underway: Int64) {
        let total = received + underway
        guard isKnown, !ignoresRanges, active >= allowed, now >= growth.settledUntil else {
            if active < allowed { growth = Growth(before: growth.before, counted: total, since: now) }
            return
        }
        let time = now - growth.since
        guard time >= Self.trialTime else { return }
        let rate = Double(total - growth.counted) / time.inSeconds
        if let before = growth.before, rate < before * Self.worthwhileGrowth {
            allowed = max(1, allowed - 1)
            growth = Growth(before: nil, counted: total, since: now, settledUntil: now + Self.rest)
        } else if allowed < origin.ranges {
            allowed += 1
            growth = Growth(before: rate, counted: total, since: now)
        }
    }
}
