import Crypto
package import DataTools
import HTTPTypes
import HubCore
package import MirrorGateway

/// Every route of the hub: one list, from which the router and the permission matrix are made.
package enum Surfaces {
    /// Where the Hugging Face API and its git stand: at the root, and under the prefixes CSGHub's clients use.
    static let mounts = ["", "/hf", "/csg", "/ms"]

    /// How requests that no route takes are answered: programs that speak to one interface read its errors only.
    /// - Parameters:
    ///   - assets: for pages of errors, which browsers get in their place.
    ///   - key: of the forms on those pages, such as that to sign out.
    package static func errors(_ assets: AssetShelf, guardedBy key: [UInt8]? = nil) -> any ErrorRendering {
        BrowserErrorRendering(
            pages: WebErrorRendering(assets: assets.links, guardKey: key.map { SymmetricKey(data: $0) }),
            otherwise: PathErrorRendering(
                [("\(CSGHubContext.base)/", CSGHubErrorRendering())], otherwise: PlainErrorRendering()))
    }

    /// - Parameter xetDownloads: bytes above which files are offered by Xet.
    /// - Parameter tables: reads rows of datasets; nil where DuckDB is not installed.
    /// - Throws: when the link key cannot be read or made.
    package static func routes(
        gateway: Gateway, version: String, xetDownloads: Int64 = XetAdvertisement.usualThreshold,
        assets: AssetShelf, tables: WorkerPool? = nil, randomness: WebRandomness = .system
    ) throws -> [Route] {
        let hub = gateway.hub
        let signer = LFSLinkSigner(key: try hub.directory.key("lfs-links"), clock: hub.clock)
        let git = GitSurface(
            authorizer: gateway.authorizer, repositories: gateway.repositories, clock: hub.clock)
        let lfs = LFSSurface(
            authorizer: gateway.authorizer, repositories: gateway.repositories, identities: hub.identities,
            signer: signer, uploads: hub.uploads, locks: hub.locks)
        let xet = try XetSurface(gateway: gateway)
        let entries = try hub.spaceEntries()
        let huggingFace = HuggingFaceSurface(
            authorizer: gateway.authorizer, repositories: gateway.repositories, store: hub.store,
            entries: entries, xet: xet.advertisement(above: xetDownloads), scans: ScanStates(gateway),
            clock: hub.clock)
        let csghub = CSGHubSurface(
            authorizer: gateway.authorizer, repositories: gateway.repositories, store: hub.store,
            identities: hub.identities, entries: entries, signer: signer,
            upstreams: UpstreamCatalogue(gateway.policies), mirroring: try mirroring(of: gateway),
            version: version, clock: hub.clock)
        let operations = OperationsRoutes(metrics: gateway.metrics, readiness: readiness(of: gateway))
        let viewer = DatasetViewer(gateway: gateway, workers: tables)
        let website = try WebSurface(
            gateway: gateway, assets: assets, version: version, viewer: viewer, randomness: randomness)
        let routes =
            git.routes.mounted(at: mounts) + lfs.routes.mounted(at: mounts)
            + huggingFace.routes.map(Self.forBrowsers).mounted(at: mounts)
            + ProvenanceRoutes(gateway: gateway).huggingFaceRoutes.mounted(at: mounts)
            + xet.tokenRoutes.mounted(at: mounts) + xet.storageRoutes
            + community(of: gateway).routes.mounted(at: mounts)
            + IdentitySurface(
                authorizer: gateway.authorizer, repositories: gateway.repositories, store: hub.store,
                identities: hub.identities, sshKeys: hub.sshKeys, signIn: hub.signIn
            ).routes.map(\.takingSessions)
            + csghub.routes + management(of: gateway, version: version).map(\.takingSessions)
            + operations.routes + viewing(viewer, besides: website.routes)
        let names = UpstreamNames(authorizer: gateway.authorizer, policies: gateway.policies)
        return routes.map(names.translating)
            + [OpenAPIRoute.route(describing: routes, Self.operations, version: version)]
    }

    /// People follow links to files, and pages show pictures: whoever is signed in gets what he may have. Nothing changes by
    /// it, other sites' pages cannot read it, and what comes is never run (S39).
    private static func forBrowsers(_ route: Route) -> Route {
        let isFile = route.method == .get && route.pattern.contains("/resolve/") && !route.pattern.hasPrefix("/api/")
        return isFile ? route.takingSessions : route
    }

    /// The website, and rows of datasets for programs, which share an address.
    private static func viewing(_ viewer: DatasetViewer, besides pages: [Route]) -> [Route] {
        let datasetsServer = DatasetsServerRoutes(viewer: viewer)
        let shared: [Route] = pages.map { page in
            page.pattern == "/search" ? datasetsServer.sharing(page) : page
        }
        return shared + datasetsServer.routes.map(\.takingSessions)
            + ParquetRoutes(viewer: viewer).routes.mounted(at: mounts) + CSGHubViewerRoutes(viewer: viewer).routes
    }

    /// Weir's own REST.
    private static func management(of gateway: Gateway, version: String) -> [Route] {
        GatewaySurface(gateway: gateway, version: version).routes
            + CatalogueSurface(gateway: gateway).routes
            + CatalogueHeadersRoute(gateway: gateway).routes
            + SyncSurface(gateway: gateway).routes
            + JobSurface(gateway: gateway).routes
            + RetentionRoutes(gateway: gateway).routes
            + LicenseRoutes(gateway: gateway, version: version).routes
            + RecommendationRoutes(gateway: gateway).routes
            + ScanRoutes(gateway: gateway).routes
            + ProvenanceRoutes(gateway: gateway).routes
            + TransparencyRoutes(gateway: gateway).routes
            + BundleRoutes(gateway: gateway).routes
            + ScrubRoutes(gateway: gateway).routes
            + ApprovalRoutes(gateway: gateway).routes + TombstoneRoutes(gateway: gateway).routes
            + BlastRadiusRoutes(gateway: gateway).routes
    }

    private static func mirroring(of gateway: Gateway) throws -> CSGHubMirroring {
        CSGHubMirroring(
            jobs: gateway.hub.jobs, locator: UpstreamLocator(gateway.policies),
            settings: try gateway.hub.syncClientSettings(), start: { try await gateway.sync.start($0) })
    }

    private static func community(of gateway: Gateway) -> CommunitySurface {
        CommunitySurface(
            authorizer: gateway.authorizer, repositories: gateway.repositories, store: gateway.hub.store,
            identities: gateway.hub.identities, clock: gateway.hub.clock)
    }

    /// What has to work before this node gets requests.
    static func readiness(of gateway: Gateway) -> [ReadinessCheck] {
        [
            ReadinessCheck("database") { [hub = gateway.hub] in await hub.databaseProblem() },
            ReadinessCheck("policy") { [policies = gateway.policies] in
                // The last good policy is in force: people must know, requests need not stop.
                guard policies == nil || policies?.current.mirrors != nil else { return "no policy is in force" }
                return nil
            },
        ]
    }
}
