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
    /// Fetches ahead what mirrors are to have.
    package let sync: SyncService
    /// How fast the jobs go that run here.
    package let jobRates = JobRates()
    /// Nil for a hub without mirrors.
    package let retention: Retention?
    /// What users and organisations use of the mirrors; nil without mirrors.
    package let quotas: MirrorQuotas?
    /// What approvals let pass and which requests wait.
    package let approvals: ApprovalRegister
    /// Where this hub stands, in links that decisions name.
    package let address = PublicAddress()
    let source: MirrorSource?
    private let logger: Logger

    /// - Parameter mirrors: the folder of policy files; nil for a hub that mirrors nothing.
    /// - Throws: `PolicyLoadFailure`.
    package init(
        hub: Hub, mirrors: String?, isOffline: Bool, environment: [String: String], logger: Logger,
        retention times: RetentionTimes = RetentionTimes()
    ) throws {
        self.hub = hub
        self.isOffline = isOffline
        self.logger = logger
        let metrics = MetricRegistry()
        self.metrics = metrics
        let gatewayMetrics = GatewayMetrics(registry: metrics)
        egress = EgressClient(metrics: gatewayMetrics)
        var source: MirrorSource?
        var standing: StandingFacts?
        let absences = AbsenceRegister(store: hub.sync, clock: hub.clock)
        var quotas: MirrorQuotas?
        let approvals = ApprovalRegister(store: hub.approvals, clock: hub.clock)
        self.approvals = approvals
        if let mirrors {
            let policies = try PolicyEngine(
                directory: mirrors, transport: egress, metrics: metrics, clock: hub.clock, environment: environment)
            self.policies = policies
            standing = StandingFacts(CatalogueRepositories(hub.catalogue), policies: policies, clock: hub.clock)
            gate = PolicyGate(
                policies: policies, metrics: metrics, remote: standing, absences: absences,
                sources: [ApprovalFactSource(register: approvals)],
                desk: ApprovalDesk(register: approvals, address: address))
            let retention = Retention(
                store: hub.store, git: hub.git, blobs: hub.blobs, policies: policies, metrics: metrics,
                clock: hub.clock,
                logger: logger, isOffline: isOffline, times: times, isReachable: { [egress] in egress.isReachable($0) })
            self.retention = retention
            browser = CatalogueBrowser(
                policies: policies, catalogue: hub.catalogue, clock: hub.clock, isOffline: isOffline)
            quotas = MirrorQuotas(
                policies: policies, shares: hub.storedShares, metrics: metrics,
                organisations: hub.store.organisations.names(ofAccount:))
            source = MirrorSource(
                store: hub.store, git: hub.git, blobs: RoomMakingBlobs(base: hub.blobs, retention: retention),
                policies: policies, transport: egress, metrics: gatewayMetrics, clock: hub.clock, logger: logger,
                isOffline: isOffline, quotas: quotas)
        } else {
            policies = nil
            gate = nil
            retention = nil
            browser = nil
        }
        self.source = source
        self.quotas = quotas
        authorizer = Authorizer(store: hub.store, source: source)
        repositories = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: source, gate: gate, metrics: metrics)
        sync = SyncService(
            hub: hub, policies: policies, source: source, repositories: repositories, standing: standing,
            absences: absences, approvals: approvals, isOffline: isOffline, logger: logger)
    }

    /// Writes down who took what, and who asked for what is held.
    package var pullKeeper: PullKeeper { PullKeeper(pulls: hub.pulls, approvals: approvals, logger: logger) }

    /// Follows what peers bury; nil where none may be asked.
    package func tombstoneFollower(interval: Duration) -> (any Service)? {
        guard let policies, !isOffline else { return nil }
        return TombstoneFollower(policies: policies, store: hub.tombstones, logger: logger, interval: interval)
    }

    /// Keeps what was used of a day's allowances over restarts.
    package var usage: UsageKeeper {
        UsageKeeper(
            store: hub.usedAllowances, egress: egress, quotas: quotas, clock: hub.clock, logger: logger)
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

    /// Keeps the schedules of mirrors; nil where nothing is fetched ahead.
    package var schedules: (any Service)? { sync.scheduler(interval: .seconds(5)) }

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

    /// Long work.
    package var jobs: JobStore { hub.jobs }

    /// Does long work, so many jobs at once.
    package func jobEngine(workers: Int) -> any Service {
        JobEngine(
            jobs: jobs, handlers: jobHandlers, workers: workers, folder: hub.directory.jobs, rates: jobRates,
            metrics: metrics, clock: hub.clock, logger: logger)
    }

    /// Who knows how to do which long work.
    private var jobHandlers: [any JobHandler] { sync.handlers }

    /// Keeps stored content within what policy files say; nil for a hub without mirrors.
    package var retaining: (any Service)? { retention.map { RetentionService(retention: $0, logger: logger) } }

    /// Removes stored content of a mirrored repository, and forgets what its upstream was said not to have.
    /// - Parameter repository: opened for `.mirrorSync`.
    package func purge(_ purge: Purge, of repository: Repository) async throws -> Purge.Report {
        guard let retention else { throw HubError(.notFound, "This hub has no policy files.") }
        let report = try await retention.purge(purge, of: repository)
        if !purge.isDryRun { source?.forgetRefusals(of: repository) }
        return report
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
