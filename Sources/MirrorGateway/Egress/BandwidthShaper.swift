import Policies

/// Holds all transfers of one upstream together to its bandwidth. Lives on the transfer thread only.
///
/// A transfer that may not go on is paused, so that TCP holds the upstream back; those that are paused go on in turn.
final class BandwidthShaper {
    var plan: BandwidthPlan {
        didSet { if plan != oldValue { answer = nil } }
    }
    private let unixSeconds: @Sendable () -> Int
    private var answer: BandwidthPlan.Answer?
    private var bucket: TokenBucket?
    private var paused: [EasyTransfer] = []

    init(_ plan: BandwidthPlan, unixSeconds: @escaping @Sendable () -> Int) {
        self.plan = plan
        self.unixSeconds = unixSeconds
    }

    /// Bytes a second that may come now; nil for no limit.
    func limit(at now: Duration) -> Int64? {
        let second = Int64(unixSeconds())
        let current = answer.flatMap { second < $0.until ? $0 : nil } ?? plan.answer(at: second)
        answer = current
        guard let limit = current.bytesPerSecond else {
            bucket = nil
            return nil
        }
        if bucket == nil { bucket = TokenBucket(rate: limit, at: now) }
        bucket?.advance(to: now, rate: limit)
        return limit
    }

    /// Whether bytes may be taken now; else the transfer waits for its turn.
    func admits(_ transfer: EasyTransfer, at now: Duration) -> Bool {
        guard limit(at: now) != nil, bucket?.isOpen == false else { return true }
        paused.append(transfer)
        return false
    }

    func spend(_ bytes: Int) { bucket?.spend(bytes) }

    func forget(_ transfer: EasyTransfer) { paused.removeAll { $0 === transfer } }

    /// Lets go on who may.
    /// - Parameter resume: takes what a transfer held back, which may make it wait again.
    /// - Returns: when to look again; nil when nobody waits.
    func release(at now: Duration, _ resume: (EasyTransfer) -> Void) -> Duration? {
        var left = paused.count
        while left > 0, !paused.isEmpty {
            if limit(at: now) != nil, let bucket, !bucket.isOpen { return now + max(.milliseconds(1), bucket.wait) }
            left -= 1
            resume(paused.removeFirst())
        }
        guard !paused.isEmpty else { return nil }
        return now + max(.milliseconds(1), bucket?.wait ?? .zero)
    }
}
