import CCurl
import HubCore
import Policies

/// What the transfer thread does, round after round.
final class TransferLoop {
    private struct Waiting {
        let plan: TransferPlan
        let exchange: TransferExchange
        let since: Duration
    }

    /// One upstream's connections in use, and who waits for one.
    private struct Lane {
        var active = 0
        /// Of the active ones, those that nobody waits for.
        var ahead = 0
        var waiting: [Waiting] = []

        /// Whether there is a connection for one more. The last fifth of them is kept for people, whose requests would
        /// else stand behind transfers that take hours.
        func hasRoom(for plan: TransferPlan) -> Bool {
            let most = plan.connection.maxConnections
            guard active < most else { return false }
            return plan.urgency == .people || ahead < most - EgressUrgency.sync.reserve(of: most)
        }
    }

    /// Whoever has waited this long goes before people who come now.
    private static let patience = Duration.seconds(10)

    private let inbox: TransferInbox
    private let multi: UnsafeMutableRawPointer
    private var active: [UnsafeMutableRawPointer: EasyTransfer] = [:]
    private var byExchange: [ObjectIdentifier: EasyTransfer] = [:]
    private var lanes: [String: Lane] = [:]
    private var shapers: [String: BandwidthShaper] = [:]
    private let unixSeconds: @Sendable () -> Int
    /// Whether someone came, went or left a connection since the lanes were last looked at.
    private var lanesHaveChanged = false
    /// When the first of those who wait has waited enough.
    private var waitingUntil: Duration?

    /// Connections that are kept open unused, over all upstreams.
    private static let idleConnections = 128

    /// Runs until the inbox is stopped.
    static func run(_ inbox: TransferInbox, unixSeconds: @escaping @Sendable () -> Int) {
        if let multi = curl_multi_init() {
            inbox.opened(TransferInbox.MultiHandle(pointer: multi))
            TransferLoop(inbox, multi, unixSeconds).run()
        }
        for case .start(let plan, let exchange) in inbox.close() { exchange.finish(.shuttingDown(plan.place)) }
    }

    private init(
        _ inbox: TransferInbox, _ multi: UnsafeMutableRawPointer, _ unixSeconds: @escaping @Sendable () -> Int
    ) {
        self.inbox = inbox
        self.unixSeconds = unixSeconds
        self.multi = multi
        curl_shim_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        curl_shim_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.idleConnections)
    }

    private func run() {
        while true {
            let (commands, isStopping) = inbox.take()
            let now = EngineClock.now
            for command in commands { obey(command, now: now) }
            if isStopping { break }
            if lanesHaveChanged || waitingUntil.map({ now >= $0 }) ?? false { startWaiting(now: now) }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collectFinished()
            let next = tick(now: EngineClock.now)
            let pause = max(.zero, next - EngineClock.now)
            // Rounded up, or the thread would spin through the last millisecond.
            curl_multi_poll(multi, nil, 0, Int32(clamping: pause == .zero ? 0 : pause.wholeMilliseconds + 1), nil)
        }
        endAll()
    }

    private func obey(_ command: TransferInbox.Command, now: Duration) {
        switch command {
        case .start(let plan, let exchange):
            lanes[plan.connection.name, default: Lane()].waiting
                .append(Waiting(plan: plan, exchange: exchange, since: now))
            lanesHaveChanged = true
        case .attend(let exchange):
            guard let transfer = byExchange[ObjectIdentifier(exchange)] else {
                lanesHaveChanged = true  // one that waits may have given up
                return
            }
            if let end = transfer.attend(now: now) { finish(transfer, end) }
        }
    }

    /// Starts who may start, and lets go who gave up or waited too long.
    private func startWaiting(now: Duration) {
        lanesHaveChanged = false
        waitingUntil = nil
        for name in lanes.keys {
            guard var lane = lanes[name] else { continue }
            var left: [Waiting] = []
            for waiting in Self.inOrder(lane.waiting, now: now) {
                if waiting.exchange.wish == .cancel {
                    waiting.exchange.finish(.cancelled(waiting.plan.place))
                } else if lane.hasRoom(for: waiting.plan) {
                    if start(waiting) {
                        lane.active += 1
                        if waiting.plan.urgency != .people { lane.ahead += 1 }
                    }
                } else if now - waiting.since >= waiting.plan.headTimeout {
                    let limit = waiting.plan.connection.maxConnections
                    waiting.exchange.finish(
                        TransferFailure(
                            HubError(
                                .upstreamUnavailable,
                                "\(waiting.plan.place.text): all \(limit) connections were busy for too long.",
                                remedy: "Try again later, or raise limits.connections in the mirror file.",
                                retryAfter: 5),
                            .cancelled))
                } else {
                    left.append(waiting)
                    let until = waiting.since + waiting.plan.headTimeout
                    waitingUntil = min(waitingUntil ?? until, until)
                }
            }
            lane.waiting = left
            lanes[name] = lane.active == 0 && left.isEmpty ? nil : lane
        }
    }

    /// People first; among equals, who came first.
    private static func inOrder(_ waiting: [Waiting], now: Duration) -> [Waiting] {
        func rank(_ one: Waiting) -> Int { now - one.since >= patience ? 0 : one.plan.urgency.rawValue }
        return waiting.enumerated().sorted {
            (rank($0.element), $0.element.since, $0.offset) < (rank($1.element), $1.element.since, $1.offset)
        }.map(\.element)
    }

    private func start(_ waiting: Waiting) -> Bool {
        let shaper = shaper(for: waiting.plan.connection)
        guard let transfer = EasyTransfer(waiting.plan, waiting.exchange, shaper, now: waiting.since),
            transfer.configure(now: EngineClock.now),
            curl_multi_add_handle(multi, transfer.handle) == CURLM_OK
        else {
            waiting.exchange.finish(
                TransferFailure(
                    HubError(
                        .internalError, "\(waiting.plan.place.text): the request could not be prepared.",
                        remedy: "Check proxy and caFile in the mirror file."),
                    .refused, isOurRule: true))
            return false
        }
        shaper?.begin()
        active[transfer.handle] = transfer
        byExchange[ObjectIdentifier(waiting.exchange)] = transfer
        return true
    }

    /// What holds the upstream to its bandwidth, by the newest of its limits; nil where it never had any.
    private func shaper(for connection: UpstreamConnection) -> BandwidthShaper? {
        let plan = connection.limits.bandwidth
        if let shaper = shapers[connection.name] {
            shaper.plan = plan
            return shaper
        }
        guard !plan.isUnlimited else { return nil }
        let shaper = BandwidthShaper(plan, unixSeconds: unixSeconds)
        shapers[connection.name] = shaper
        return shaper
    }

    private func collectFinished() {
        var handle: UnsafeMutableRawPointer?
        var code = CURLE_OK
        while curl_shim_next_finished(multi, &handle, &code) == 1 {
            if let handle, let transfer = active[handle] { finish(transfer, transfer.ending(code)) }
        }
    }

    /// Serves every transfer once; returns when the next one needs it.
    private func tick(now: Duration) -> Duration {
        var next = now + .seconds(1)
        for shaper in shapers.values {
            let again = shaper.release(at: now) { transfer in
                if let end = transfer.goOn(now: now) { finish(transfer, end) }
            }
            if let again { next = min(next, again) }
        }
        for transfer in Array(active.values) {
            let (end, again) = transfer.tick(now: now)
            if let end { finish(transfer, end) } else { next = min(next, again) }
        }
        if let waitingUntil { next = min(next, waitingUntil) }
        if lanesHaveChanged { next = now }
        return next
    }

    private func finish(_ transfer: EasyTransfer, _ ending: TransferExchange.Ending) {
        // Once removed, the handle no longer knows what came.
        transfer.meter()
        curl_multi_remove_handle(multi, transfer.handle)
        transfer.shaper?.forget(transfer)
        active[transfer.handle] = nil
        byExchange[ObjectIdentifier(transfer.exchange)] = nil
        lanes[transfer.plan.connection.name]?.active -= 1
        if transfer.plan.urgency != .people { lanes[transfer.plan.connection.name]?.ahead -= 1 }
        lanesHaveChanged = true
        transfer.exchange.finish(ending)
    }

    private func endAll() {
        for transfer in Array(active.values) { finish(transfer, .shuttingDown(transfer.plan.place)) }
        for lane in lanes.values {
            for waiting in lane.waiting { waiting.exchange.finish(.shuttingDown(waiting.plan.place)) }
        }
        // No one may wake the handle any more when it is freed.
        for case .start(let plan, let exchange) in inbox.close() { exchange.finish(.shuttingDown(plan.place)) }
        curl_multi_cleanup(multi)
    }
}
