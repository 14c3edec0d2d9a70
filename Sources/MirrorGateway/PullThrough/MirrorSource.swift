package import HubCore
package import Logging

/// The gateway's answer to `RepositorySource`: everything that is fetched on demand comes through here.
package final class MirrorSource: RepositorySource, Sendable {
    private let adoption: RepositoryAdoption
    private let freshness: RefFreshness
    private let repositories: RepositoryFetcher
    private let blobs: BlobFetcher
    private let policies: PolicyEngine
    private let isOffline: Bool

    package init(
        store: RepositoryStore, git: GitStore, blobs: any BlobStore, policies: PolicyEngine,
        transport: any UpstreamTransport, metrics: GatewayMetrics, clock: WallClock, logger: Logger, isOffline: Bool
    ) {
        self.policies = policies
        self.isOffline = isOffline
        adoption = RepositoryAdoption(
            store: store, git: git, policies: policies, clock: clock, logger: logger, isOffline: isOffline)
        freshness = RefFreshness(
            store: store, policies: policies, metrics: metrics, clock: clock, logger: logger, isOffline: isOffline)
        repositories = RepositoryFetcher(
            store: store, git: git, policies: policies, clock: clock, logger: logger, isOffline: isOffline)
        self.blobs = BlobFetcher(
            store: store, blobs: blobs, transport: transport, metrics: metrics, logger: logger)
    }

    package var absenceRemark: String? {
        isOffline ? "Weir is offline: what is not stored here cannot be fetched." : nil
    }

    package func adopt(_ id: RepositoryID, for principal: Principal) async throws -> Bool {
        try await adoption.adopt(id, for: principal)
    }

    package func refresh(_ repository: Repository, for revision: Revision?) async throws -> Freshness {
        try await freshness.refresh(repository, for: revision)
    }

    package func acquire(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws {
        try await repositories.acquire(wants, of: repository, history: history)
    }

    package func fetch(_ pointer: LFSPointer, path: String, at commit: CommitID, of repository: Repository) async throws
        -> BlobReader
    {
        let ways = try upstreams(of: repository)
        return try await blobs.reader(
            for: pointer, wanted: BlobWant(repository: repository, commit: commit, path: path), from: ways)
    }

    package func grants(_ pointers: [LFSPointer], of repository: Repository) async throws -> Set<BlobID> {
        let ways = try upstreams(of: repository)
        guard let upstream = ways.first, let path = UpstreamPath(of: repository) else { return [] }
        return try await upstream.granted(pointers, of: path)
    }

    /// A repository that was not there may be now: the next who asks is not answered from memory.
    func forgetAbsence(of repository: UpstreamPath) { adoption.forgetAbsence(of: repository) }

    /// Ends downloads and fetches under way; what was received stays for the next start.
    package func shutDown() async {
        freshness.cancelAll()
        repositories.cancelAll()
        await blobs.shutDown()
    }

    private func upstreams(of repository: Repository) throws -> [any Upstream] {
        guard !isOffline else { throw Self.offline("The file") }
        return try policies.upstreams(of: repository)
    }

    static func offline(_ what: String) -> HubError {
        HubError(
            .offline, "\(what) is not stored here and Weir is offline.",
            remedy: "Fetch it while the upstream can be reached, or import it.")
    }
}

extension UpstreamPath {
    /// The upstream's own name of a mirrored repository; nil for a local one.
    init?(of repository: Repository) {
        guard case .mirror(let mirror) = repository.origin else { return nil }
        self.init(kind: repository.id.kind, path: mirror.path)
    }
}
