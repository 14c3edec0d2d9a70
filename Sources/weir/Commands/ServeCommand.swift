import ArgumentParser
import DataTools
import Foundation
import HubCore
import HubServer
import Logging
import MirrorGateway
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the hub and the gateway.",
        discussion: """
            Prints one line with the URL when it is ready. SIGHUP reads the policy files again; SIGTERM and SIGINT let
            running requests finish.
            """)

    @OptionGroup var data: DataOption
    @Option(help: ArgumentHelp("Where to listen; port 0 lets the system choose.", valueName: "host:port"))
    var listen: String = "127.0.0.1:8080"
    @Option(help: ArgumentHelp("The folder of policy files; without it nothing is mirrored.", valueName: "dir"))
    var mirrors: String?
    @Flag(help: "Ask no upstream: serve what is stored.") var offline = false
    @Option(
        help: ArgumentHelp(
            "What links begin with, when people reach Weir by another name than they send.", valueName: "url"))
    var baseURL: String?
    @Flag(help: "Let webhooks go to private addresses, such as 10.0.0.7 or localhost.") var webhooksAllowPrivate = false
    @Option(
        help: ArgumentHelp("What users and organisations may store that have no limit of their own.", valueName: "size")
    )
    var quota: String?
    @Option(help: ArgumentHelp("How many repositories they may have.", valueName: "count")) var quotaRepositories:
        String?
    @Option(
        help: ArgumentHelp(
            "Offer files above this size for download by Xet; clients refuse 50GB and more without it.",
            valueName: "size"))
    var xetDownloadsAbove: String = "50GB"
    @Option(help: ArgumentHelp("How often garbage is collected, as 24h; 'off' for never by itself.", valueName: "time"))
    var gcEvery = "24h"
    @OptionGroup var graces: GraceOptions
    @Option(help: ArgumentHelp("How many jobs, such as syncs, run at once.", valueName: "count"))
    var syncWorkers = 4
    @OptionGroup var retention: RetentionOptions
    @Option(
        help: ArgumentHelp(
            "The texts by which LICENSE files are told; found in the data directory by default.", valueName: "file"))
    var licenseTexts: String?
    @Option(
        help: ArgumentHelp(
            "What `make assets` brought for the website; found in the data directory or beside the binary by default.",
            valueName: "dir")) var webAssets: String?
    @Option(help: ArgumentHelp("Processes that read rows of datasets for the viewer.", valueName: "count"))
    var viewerWorkers = 2
    @OptionGroup var scanning: ScanningOptions
    @Option(help: ArgumentHelp("How often the transparency log is signed, as 5m.", valueName: "time"))
    var checkpointEvery = "5m"
    @Option(
        help: ArgumentHelp("The one folder from which bundles may be imported by REST.", valueName: "dir"))
    var bundleFolder: String?
    @Option(help: "What this site is called, for bundles that are for one site only.") var site: String?
    @Option(
        help: ArgumentHelp(
            "How long after a scrub the next one begins, as 7d; 'off' for only when asked. WEIR_SCRUB_RATE says how much it reads in a second, 50MB by default.",
            valueName: "time")) var scrubEvery = "7d"
    @Flag(help: "Hash every stored file while it is served, and hold its end back until the digest has matched.")
    var verifyReads = false
    @Option(help: ArgumentHelp("How often the tombstones of peers are read, as 1m.", valueName: "time"))
    var tombstonesEvery = "1m"
    @Option(help: "The least important messages to log: debug, info, notice, warning or error.")
    var logLevel: LogLevel = .info

    func run() async throws {
        AllocatorArenas.limit()
        try await CommandFailure.report {
            let address = try ListenAddress(listen)
            LoggingSystem.bootstrap { [level = logLevel.level] label in JSONLogHandler(label: label, level: level) }
            let logger = Logger(label: "weir")
            let limits = QuotaLimits(
                bytes: try QuotaOption.limit(quota), repositories: try QuotaOption.limit(quotaRepositories))
            guard let xetDownloads = ByteCount(parsing: xetDownloadsAbove) else {
                throw HubError(.badRequest, "'\(xetDownloadsAbove)' is no size.", remedy: "Write 50GB, 64MiB or 0.")
            }
            let collection = (
                settings: try graces.settings(), every: try gcEvery == "off" ? nil : TimeSpan(gcEvery).milliseconds
            )
            let checkpoints = try TimeSpan(checkpointEvery).milliseconds
            let scrubs = try scrubEvery == "off" ? nil : TimeSpan(scrubEvery).milliseconds
            guard (1...64).contains(syncWorkers) else {
                throw HubError(.badRequest, "1 to 64 jobs can run at once, not \(syncWorkers).")
            }
            let following = try TimeSpan(tombstonesEvery).milliseconds
            let hub = try await Hub(path: data.path)
            try await hub.store.quotas.setDefault(limits)
            let gateway = try Gateway(
                hub: hub, mirrors: mirrors, isOffline: offline,
                environment: LicenseTextsOption.environment(licenseTexts),
                logger: logger, retention: try retention.times(), scanning: try scanning.settings(),
                bundles: BundleSettings(folder: bundleFolder, site: site))
            if verifyReads { gateway.verifyReads() }
            try await gateway.usage.restore()
            let assets = AssetShelf(vendored: WebAssetsFolder.find(webAssets, data: data.path), logger: logger)
            let tables = try rowReaders(hub, logger)
            let server = try HubApplication(
                routes: try Surfaces.routes(
                    gateway: gateway, version: Version.text, xetDownloads: xetDownloads.bytes, assets: assets,
                    tables: tables),
                configuration: ServingConfiguration(
                    host: address.host, port: address.port, baseURL: BaseURL(configured: baseURL)),
                authenticator: RequestAuthenticator(identities: hub.identities).principal,
                errors: Surfaces.errors(assets, guardedBy: try hub.directory.key("web-forms")),
                answers: AnswerCache(
                    database: hub.database, clock: hub.clock,
                    settings: { [policies = gateway.policies] in policies?.generation ?? 0 }),
                metrics: gateway.metrics, logger: logger
            ) { port in
                gateway.address.set(baseURL ?? "http://\(address.urlHost):\(port)")
                print("weir is ready at http://\(address.urlHost):\(port)")
                fflush(nil)
            }
            var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
                // First, and so the last to stop: it writes down what all others used.
                .running(gateway.usage),
                .running(gateway.pullKeeper),
                .running(JournalSettling(journal: hub.journal, logger: logger)),
                .running(CataloguePreparing(catalogue: hub.localCatalogue, logger: logger)),
                .running(MemoryKeeping()),
                .running(gateway.service, whenDone: .gracefullyShutdownGroup),
                .running(server, whenDone: .gracefullyShutdownGroup),
            ]
            services.append(
                .running(
                    gateway.webhooks(
                        allowPrivate: webhooksAllowPrivate,
                        baseURL: baseURL ?? "http://\(address.urlHost):\(address.port)")))
            services.append(.running(PackKeeping(git: hub.git, logger: logger)))
            services.append(
                .running(
                    GarbageCollection(
                        hub: hub, settings: collection.settings, every: collection.every, logger: logger)))
            services.append(
                .running(
                    CheckpointKeeping(log: hub.transparency, every: checkpoints, logger: logger)))
            services.append(.running(gateway.jobEngine(workers: syncWorkers)))
            services.append(.running(gateway.licenseSweep))
            services.append(.running(gateway.scans))
            services.append(.running(gateway.stating))
            if let schedules = gateway.schedules { services.append(.running(schedules)) }
            services.append(.running(gateway.recommending))
            if let scrubs { services.append(.running(gateway.scrubSchedule(every: scrubs))) }
            if let retaining = gateway.retaining { services.append(.running(retaining)) }
            if let follower = gateway.tombstoneFollower(interval: .milliseconds(max(following, 100))) {
                services.append(.running(follower))
            }
            if let feeds = gateway.feeds { services.append(.running(feeds)) }
            if let policies = gateway.policies {
                services.append(.running(PolicyReload(policies: policies, logger: logger)))
            }
            let group = ServiceGroup(
                configuration: .init(
                    services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
            await tables?.close()
            await hub.close()
        }
    }

    /// Who reads rows of datasets; nil where DuckDB is not installed.
    private func rowReaders(_ hub: Hub, _ logger: Logger) throws -> WorkerPool? {
        guard (1...64).contains(viewerWorkers) else {
            throw HubError(.badRequest, "1 to 64 processes can read rows, not \(viewerWorkers).")
        }
        let folder = DatasetViewer.folder(hub.directory.path)
        guard
            let library = DuckDBLocation.find(
                environment: ProcessInfo.processInfo.environment, data: hub.directory.path)
        else {
            logger.notice("DuckDB is not installed; the dataset viewer shows no rows. Run `make duckdb`.")
            return nil
        }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return WorkerPool(
            WorkerPool.Settings(
                library: library, folders: [hub.directory.blobs, folder], workers: viewerWorkers),
            logger: logger)
    }
}
