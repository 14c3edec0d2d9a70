/// Tells a slow upstream from a stalled one and from one that drips bytes to hold the connection.
///
/// Time during which we ourselves have paused the transfer does not count against the upstream.
struct TransferPace: Sendable {
    enum Verdict: Equatable { case fine, stalled, tooSlow }

    private let idle: Duration
    /// nil where only stalls count.
    private let minimum: MinimumRate?
    private var lastByte: Duration
    private var windowStart: Duration
    private var windowBytes = 0
    private var paused = false

    init(idle: Duration, minimum: MinimumRate?, startingAt now: Duration) {
        self.idle = idle
        self.minimum = minimum
        lastByte = now
        windowStart = now
    }

    mutating func received(_ bytes: Int, at now: Duration) {
        lastByte = now
        windowBytes += bytes
    }

    mutating func pause() { paused = true }

    mutating func resume(at now: Duration) {
        paused = false
        lastByte = now
        windowStart = now
        windowBytes = 0
    }

    mutating func verdict(at now: Duration) -> Verdict {
        if paused { return .fine }
        if now - lastByte >= idle { return .stalled }
        guard let minimum, now - windowStart >= minimum.window else { return .fine }
        let seconds = (now - windowStart) / .seconds(1)
        let isSlow = Double(windowBytes) < Double(minimum.bytesPerSecond) * seconds
        windowStart = now
        windowBytes = 0
        return isSlow ? .tooSlow : .fine
    }

    /// When to look again at the latest.
    var nextCheck: Duration? {
        if paused { return nil }
        return min(lastByte + idle, minimum.map { windowStart + $0.window } ?? lastByte + idle)
    }
}
