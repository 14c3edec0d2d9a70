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
    /// What licences hold for what is here.
    package let licensing: Licensing
    /// Recommends what is here and at upstreams.
    package let recommender: Recommender
    /// Finds out what stored content is.
    package let scanning: Scanning
    package let revisionScans: RevisionScans
    /// What is stated about revisions, and what is attached to them.
    package let statements: RevisionStatements
    /// Where bundles may be read, and what this site is called.
    package let bundleSettings: BundleSettings
    /// Finds and heals what is damaged of what is stored.
    package let integrity: Integrity
    /// Bytes a second that scrubs read; nil for as fast as it goes.
    private let scrubRate: Int64?
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
        retention times: RetentionTimes = RetentionTimes(), scanning settings: ScanningSettings = ScanningSettings(),
        bundles: BundleSettings = BundleSettings()
    ) throws {
        bundleSettings = bundles
        self.hub = hub
        self.isOffline = isOffline
        self.logger = logger
        let metrics = MetricRegistry()
        self.metrics = metrics
        let gatewayMetrics = GatewayMetrics(registry: metrics)
        egress = EgressClient(metrics: gatewayMetrics)
        let scanning = Scanning(hub: hub, settings: settings, metrics: metrics, logger: logger)
        self.scanning = scanning
        let revisionScans = RevisionScans(scanning: scanning)
        self.revisionScans = revisionScans
        var source: MirrorSource?
        var standing: StandingFacts?
        let absences = AbsenceRegister(store: hub.sync, clock: hub.clock)
        var quotas: MirrorQuotas?
        let comparison = LicenseTextComparison.located(data: hub.directory.path, environment: environment)
        var stating = RevisionStatements(hub: hub, policies: nil, signatures: nil, logger: logger)
        let approvals = ApprovalRegister(store: hub.approvals, clock: hub.clock)
        self.approvals = approvals
        if let mirrors {
            let policies = try PolicyEngine(
                directory: mirrors, transport: egress, metrics: metrics, clock: hub.clock, environment: environment)
            self.policies = policies
            let licensing = Licensing(
                hub: hub, policies: policies, comparison: comparison, isOffline: isOffline, transport: egress)
            self.licensing = licensing
            standing = StandingFacts(CatalogueRepositories(hub.catalogue), policies: policies, clock: hub.clock)
            let scanFacts = ScanFactSource(
                scanning: scanning, revisions: revisionScans,
                upstreams: UpstreamScans(scanning: scanning, policies: policies, isOffline: isOffline),
                policies: policies)
            let signed = SignatureFacts(hub: hub, policies: policies, logger: logger, isOffline: isOffline)
            stating = RevisionStatements(hub: hub, policies: policies, signatures: signed, logger: logger)
            gate = PolicyGate(
                policies: policies, metrics: metrics, remote: standing, absences: absences,
                sources: [
                    LicenseFacts(licensing: licensing), scanFacts, signed, ApprovalFactSource(register: approvals),
                ], desk: ApprovalDesk(register: approvals, address: address))
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
                isOffline: isOffline, quotas: quotas, statements: stating)
            scanFacts.bring { [source] pointer, path, commit, repository in
                try await source?.bring(pointer, path: path, at: commit, of: repository) { _, _ in }
            }
        } else {
            licensing = Licensing(hub: hub, policies: nil, comparison: comparison, isOffline: isOffline)
            policies = nil
            gate = nil
            retention = nil
            browser = nil
        }
        self.source = source
        if let source { licensing.fetch(from: source) }
        self.quotas = quotas
        // Sources of blobs beside upstreams are named as PATH names programs.
        let folders = environment["WEIR_SCRUB_SOURCES"]?.split(separator: ":").map(String.init) ?? []
        integrity = Integrity(
            hub: hub, source: isOffline ? nil : source, transport: egress, folders: folders, metrics: metrics,
            logger: logger)
        scrubRate = ByteCount(parsing: environment["WEIR_SCRUB_RATE"] ?? "50MB")?.bytes
        authorizer = Authorizer(store: hub.store, source: source)
        repositories = RepositoryService(
            store: hub.store, git: hub.git, blobs: hub.blobs, source: source, gate: gate, metrics: metrics)
        recommender = Recommender(
            gathering: RecommendationGathering(
                catalogue: hub.catalogue, store: hub.store, policies: policies,
                usage: PulledUsage(pulls: hub.pulls, store: hub.store),
                clock: hub.clock),
            authorizer: Authorizer(store: hub.store, source: nil), browser: browser)
        statements = stating
        sync = SyncService(
            hub: hub, policies: policies, source: source, repositories: repositories, standing: standing,
            absences: absences, licensing: licensing, approvals: approvals, isOffline: isOffline, logger: logger)
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

    /// Reads a part of a mirrored blob that is not stored here. Whether the file may be read was asked before.
    /// - SeeAlso: ``MirrorSource/read(_:of:path:at:of:)``, for what may be done with it.
    package func readUnverified(
        _ range: Range<Int64>, of pointer: LFSPointer, path: String, in snapshot: Snapshot
    ) async throws -> [UInt8] {
        guard let source else { throw MirrorSource.offline("The file") }
        return try await source.read(
            range, of: pointer, path: path, at: snapshot.commit, of: snapshot.repository)
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

    /// Finds out about the licences of what nobody asked for yet.
    package var licenseSweep: any Service { LicenseSweep(hub: hub, licensing: licensing, logger: logger) }

    /// What is here and under which terms, for whoever answers for it.
    package var compliance: ComplianceReport {
        ComplianceReport(hub: hub, gate: gate, policies: policies, licensing: licensing)
    }

    /// Keeps what recommendations are made from fresh.
    package var recommending: any Service {
        RecommendationService(recommender: recommender, logger: logger, interval: .seconds(60))
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

    /// Signs statements about what was written here.
    package var stating: any Service { StatementService(statements: statements, logger: logger) }

    /// Long work.
    package var jobs: JobStore { hub.jobs }

    /// Does long work, so many jobs at once.
    package func jobEngine(workers: Int) -> any Service {
        JobEngine(
            jobs: jobs, handlers: jobHandlers, workers: workers, folder: hub.directory.jobs, rates: jobRates,
            metrics: metrics, clock: hub.clock, logger: logger)
    }

    /// Who knows how to do which long work.
    private var jobHandlers: [any JobHandler] { sync.handlers + bundleHandlers + [scrubJobs] }

    /// Scans what is stored as it comes.
    package var scans: any Service { ScanService(scanning: scanning, revisions: revisionScans, logger: logger) }

    /// Has everything that is stored of a revision scanned anew: its files in git now, its LFS objects soon.
    /// - Parameter revision: nil for the default branch.
    /// - Returns: how many LFS objects wait.
    package func rescan(_ repository: Repository, at revision: Revision?) async throws -> Int {
        let local = RepositoryService(store: hub.store, git: hub.git, blobs: hub.blobs, source: nil, gate: nil)
        let snapshot = try await local.snapshot(of: repository, at: revision)
        let contents = try await local.contents(ofAcquired: snapshot.commit, in: repository)
        var stored: [BlobID] = []
        for pointer in Set(contents.files.compactMap(\.lfs)) where try await hub.blobs.size(of: pointer.oid) != nil {
            stored.append(pointer.oid)
        }
        try await scanning.rescan(stored)
        try await revisionScans.rescan(snapshot.commit, of: repository.key)
        return stored.count
    }

    /// Scrubs as jobs.
    package var scrubJobs: ScrubJobs { ScrubJobs(integrity: integrity, jobs: jobs, rate: scrubRate) }

    /// Scrubs from time to time.
    /// - Parameter every: milliseconds from the end of one to the next.
    package func scrubSchedule(every: Int64) -> any Service {
        ScrubSchedule(jobs: scrubJobs, every: every, clock: hub.clock, logger: logger)
    }

    /// Has every stored blob hashed while it is served.
    package func verifyReads() {
        hub.blobs.readVerification = ReadVerification { [integrity] in await integrity.found($0) }
    }

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
