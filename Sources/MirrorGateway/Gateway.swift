package import HubCore
package import Logging
import Policies
package import ServiceLifecycle

/// A hub with mirrors in front of upstreams: the services that every surface is built from.
package struct Gateway: Sendable {
    package let hub: Hub
    package let metrics: MetricRegistry
    package let authorizer: Authorizer
    package let repositories: RepositoryService
    /// Nil for a hub without mirrors.
    package let policies: PolicyEngine?
    package let gate: PolicyGate?
    package let egress: EgressClient
    /// What upstreams have; nil for a hub without mirrors.
    package let browser: CatalogueBrowser?
    package let isOffline: Bool
    private let source: MirrorSource?
    private let logger: Logger

    /// - Parameter mirrors: the folder of policy files; nil for a hub that mirrors nothing.
    /// - Throws: `PolicyLoadFailure`.
    package init(hub: Hub, mirrors: String?, isOffline: Bool, environment: [String: String], logger: Logger) throws {
        self.hub = hub
        self.isOffline = isOffline
        self.logger = logger
        let metrics = MetricRegistry()
        self.metrics = metrics
        let gatewayMetrics = GatewayMetrics(registry: metrics)
        egress = EgressClient(metrics: gatewayMetrics)
        var source: MirrorSource?
        if let mirrors {
            let policies = try PolicyEngine(
                directory: mirrors, transport: egress, metrics: metrics, clock: hub.clock, environment: environment)
            self.policies = policies
            gate = PolicyGate(policies: policies, metrics: metrics)
            browser = CatalogueBrowser(
                policies: policies, catalogue: hub.catalogue, clock: hub.clock, isOffline: isOffline)
            source = MirrorSource(
                store: hub.store, git: hub.git, blobs: hub.blobs, policies: policies, transport: egress,
                metrics: gatewayMetrics, clock: hub.clock, logger: logger, isOffline: isOffline)
        } else {
            policies = nil
            gate = nil
            browser = nil
        }
        self.source = source
        authorizer = Authorizer(store: hub.store, source: source)
        repositories = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: source, gate: gate, metrics: metrics)
    }

    /// What may still be asked of an upstream of a mirror.
    package func budget(of upstream: String, in mirror: ConnectedMirror) -> UpstreamBudget {
        let document = mirror.document.upstreams.first { $0.name == upstream }
        return egress.budget(of: upstream, within: document.map { EgressLimits($0.limits) } ?? EgressLimits())
    }

    /// Follows what upstreams have and what changes there; nil where none may be asked.
    package var feeds: (any Service)? {
        guard let policies, let source, !isOffline else { return nil }
        return CatalogueFollower(
            policies: policies, catalogue: hub.catalogue, source: source, clock: hub.clock, logger: logger,
            interval: .seconds(60))
    }

    /// Tells webhooks what happened here.
    /// - Parameters:
    ///   - allowPrivate: whether they may stand on private addresses.
    ///   - baseURL: what links to this hub begin with, without a trailing slash.
    package func webhooks(allowPrivate: Bool, baseURL: String) -> any Service {
        WebhookService(
            dispatcher: WebhookDispatcher(
                store: hub.store, authorizer: authorizer,
                transport: EgressWebhookTransport(egress: egress, allowPrivate: allowPrivate), baseURL: baseURL),
            logger: logger, interval: .seconds(1))
    }

    /// Reaps what interrupted writes left and, at the end, stops downloads and closes connections.
    package var service: any Service { GatewayService(hub: hub, source: source, egress: egress, logger: logger) }
}

private struct GatewayService: Service {
    let hub: Hub
    let source: MirrorSource?
    let egress: EgressClient
    let logger: Logger

    /// A download that was interrupted in the evening is to go on in the morning.
    private static let leftoverAge = Duration.seconds(7 * 86_400)

    func run() async throws {
        await index()
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await reap()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(86_400)) }
        }
        await source?.shutDown()
        await egress.close()
    }

    /// Makes anew what an older release left unindexed; the hub serves meanwhile.
    private func index() async {
        do {
            let indexed = try await cancelWhenGracefulShutdown {
                try await hub.indexRebuild.run { key, error in
                    logger.warning(
                        "a repository could not be indexed", metadata: ["key": "\(key)", "error": "\(error)"])
                }
            }
            if indexed > 0 { logger.notice("indexed repositories", metadata: ["repositories": "\(indexed)"]) }
        } catch is CancellationError {
            // The next start goes on where this one ended.
        } catch {
            logger.warning("repositories could not be indexed", metadata: ["error": "\(error)"])
        }
    }

    private func reap() async {
        do {
            let reaped = try await hub.blobs.reapIncoming(olderThan: Self.leftoverAge)
            if reaped > 0 { logger.notice("removed leftovers of interrupted writes", metadata: ["files": "\(reaped)"]) }
        } catch {
            logger.warning("leftovers could not be removed", metadata: ["error": "\(error)"])
        }
    }
}
