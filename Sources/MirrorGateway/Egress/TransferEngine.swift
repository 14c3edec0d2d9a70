import CCurl
import Foundation
import HubCore

/// The thread that moves every byte between upstreams and this process.
///
/// One thread of libcurl's multi interface is enough for several hundred MiB/s over TLS; hashing and writing happen
/// elsewhere. It ends when it is closed or no longer referenced.
final class TransferEngine: Sendable {
    private let inbox = TransferInbox()

    /// libcurl wants this once, before any thread uses it.
    private static let global: Void = { curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    /// - Parameter unixSeconds: the time by which bandwidths change.
    init(unixSeconds: @escaping @Sendable () -> Int) {
        _ = Self.global
        _ = EngineClock.now
        let inbox = inbox
        let thread = Thread { TransferLoop.run(inbox, unixSeconds: unixSeconds) }
        thread.name = "egress"
        thread.start()
    }

    deinit { inbox.stop() }

    /// Starts one hop; it waits for its turn when the upstream has all its connections in use.
    func start(_ plan: TransferPlan) -> TransferExchange {
        let exchange = TransferExchange(inbox: inbox, place: plan.place)
        if !inbox.send(.start(plan, exchange)) { exchange.finish(.shuttingDown(plan.place)) }
        return exchange
    }

    /// Ends every transfer and returns when the thread is gone.
    func close() async {
        inbox.stop()
        await inbox.ended()
    }
}
