import Policies

/// Holds all transfers of one upstream together to its bandwidth. Lives on the transfer thread only.
///
/// A transfer that may not go on is paused, so that TCP holds the upstream back; those that are paused go on in turns.
/// People's transfers have most of the turns; a sync's have few and are never left without any.
final class BandwidthShaper {
    var plan: BandwidthPlan {
        didSet { if plan != oldValue { answer = nil } }
    }
    private let unixSeconds: @Sendable () -> Int
    private var answer: BandwidthPlan.Answer?
    private var bucket: TokenBucket?
    /// Who waits for a turn, and how much their kind had, in bytes by its weight.
    private var queues: [EgressUrgency: Queue] = [:]
    private var waiting = 0
    /// Whose turn it is: nobody else may go on meanwhile.
    private var turn: EasyTransfer?
    /// Transfers that may want bytes.
    private(set) var transfers = 0

    /// What a kind may catch up after it was away, in bytes by its weight.
    private static let credit = 65_536.0

    private struct Queue {
        var transfers: [EasyTransfer] = []
        var served = 0.0
    }

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
        bucket?.advance(to: now, rate: limit, isWanted: waiting > 0 || turn != nil)
        return limit
    }

    /// Whether bytes may be taken now; else the transfer waits for its turn.
    func admits(_ transfer: EasyTransfer, at now: Duration) -> Bool {
        guard limit(at: now) != nil, let bucket else { return true }
        if bucket.isOpen, turn === transfer || waiting == 0 { return true }
        enqueue(transfer)
        return false
    }

    private func enqueue(_ transfer: EasyTransfer) {
        let urgency = transfer.plan.urgency
        var queue = queues[urgency] ?? Queue()
        if queue.transfers.isEmpty {
            // Who was away has saved up little: between two reads everybody is away for a moment, and loses nothing by it.
            let others = queues.values.filter { !$0.transfers.isEmpty }.map(\.served).min()
            queue.served = max(queue.served, others.map { $0 - Self.credit } ?? queue.served)
        }
        queue.transfers.append(transfer)
        queues[urgency] = queue
        waiting += 1
    }

    /// The one who has waited longest of the kind that had least.
    private func next() -> EasyTransfer? {
        let kinds = queues.filter { !$0.value.transfers.isEmpty }
        guard
            let kind = kinds.min(by: { ($0.value.served, $0.key.rawValue) < ($1.value.served, $1.key.rawValue) })?.key
        else { return nil }
        waiting -= 1
        return queues[kind]?.transfers.removeFirst()
    }

    func spend(_ bytes: Int, by transfer: EasyTransfer) {
        bucket?.spend(bytes)
        queues[transfer.plan.urgency, default: Queue()].served += Double(bytes) / transfer.plan.urgency.weight
    }

    func begin() { transfers += 1 }

    /// The transfer is over.
    func forget(_ transfer: EasyTransfer) {
        transfers -= 1
        for urgency in queues.keys {
            let before = queues[urgency]?.transfers.count ?? 0
            queues[urgency]?.transfers.removeAll { $0 === transfer }
            waiting -= before - (queues[urgency]?.transfers.count ?? 0)
        }
    }

    /// Lets go on who may.
    /// - Parameter resume: takes what a transfer held back, which may make it wait again.
    /// - Returns: when to look again; nil when nobody waits.
    func release(at now: Duration, _ resume: (EasyTransfer) -> Void) -> Duration? {
        while waiting > 0 {
            if limit(at: now) != nil, let bucket, !bucket.isOpen { return now + max(.milliseconds(1), bucket.wait) }
            guard let transfer = next() else { break }
            turn = transfer
            resume(transfer)
            turn = nil
        }
        return nil
    }

    /// Bytes that one more connection may have waiting for us in the kernel, so that what is on the wire keeps to the
    /// limit too; nil where the system may decide.
    func receiveBuffer(at now: Duration) -> Int? {
        limit(at: now).map { Int(min(max($0 / 2 / Int64(max(1, transfers)), 64 << 10), 4 << 20)) }
    }
}
