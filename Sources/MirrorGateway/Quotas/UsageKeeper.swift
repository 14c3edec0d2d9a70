import HubCore
import Logging
import ServiceLifecycle

/// Keeps what was used of a day's allowances over restarts: of upstreams, and of users and organisations.
///
/// It is written down every few seconds and at the end. A crash forgets what came since; nothing is counted twice.
package struct UsageKeeper: Service {
    let store: UsedAllowanceStore
    let egress: EgressClient
    let quotas: MirrorQuotas?
    let clock: WallClock
    let logger: Logger
    var interval = Duration.seconds(3)

    private static let upstream = "upstream:"

    /// Takes in what was used today. Before the first request is served.
    package func restore() async throws {
        let day = clock.now() / 86_400_000
        let uses = try await store.uses(on: day)
        var bytes: [String: Int64] = [:]
        for use in uses where use.subject.hasPrefix(Self.upstream) {
            bytes[String(use.subject.dropFirst(Self.upstream.count))] = use.bytes
        }
        egress.restore(bytes, on: day)
        quotas?.restore(uses)
        try await store.forget(before: day)
        try await quotas?.shelf.tidy()
    }

    package func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { [interval] in try await Task.sleep(for: interval) }
            await save()
        }
    }

    /// Writes down what was used since the last time.
    package func save() async {
        var uses = egress.takeUnsavedBytes().map {
            UsedAllowance(subject: Self.upstream + $0.name, day: $0.day, bytes: $0.bytes)
        }
        uses += quotas?.takeUnsaved() ?? []
        do {
            try await store.add(uses)
        } catch {
            logger.warning("what was used of allowances could not be written down", metadata: ["error": "\(error)"])
        }
    }
}
