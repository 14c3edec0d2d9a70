package import HubCore
package import Logging

/// The gateway's answer to `RepositorySource`: everything that is fetched on demand comes through here.
package final class MirrorSource: RepositorySource, Sendable {
    let adoption: RepositoryAdoption
    let freshness: RefFreshness
    private let repositories: RepositoryFetcher
    private let blobs: BlobFetcher
    private let policies: PolicyEngine
    private let isOffline: Bool
    private let quotas: MirrorQuotas?
    private let transport: any UpstreamTransport

    let store: RepositoryStore
    /// Blobs that upstreams do not give out for a repository, by its key and theirs.
    private let ungranted: ExpiringMemory<String, Bool>

    /// - Parameters:
    ///   - statements: states what comes in; nil where nothing is signed.
    ///   - pause: waits between two tries of a transfer.
    package convenience init(
        store: RepositoryStore, git: GitStore, blobs: any BlobStore, policies: PolicyEngine,
        transport: any UpstreamTransport, metrics: GatewayMetrics, clock: WallClock, logger: Logger, isOffline: Bool,
        quotas: MirrorQuotas? = nil, statements: RevisionStatements? = nil,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.init(
            store: store, git: git, blobs: blobs, policies: policies, transport: transport, metrics: metrics,
            clock: clock, logger: logger, isOffline: isOffline, quotas: quotas, statements: statements,
            sizes: RangePlan.Sizes(),
            pause: pause)
    }

    /// - Parameter sizes: from what size on a blob comes in pieces, and how large they are.
    init(
        store: RepositoryStore, git: GitStore, blobs: any BlobStore, policies: PolicyEngine,
        transport: any UpstreamTransport, metrics: GatewayMetrics, clock: WallClock, logger: Logger, isOffline: Bool,
        quotas: MirrorQuotas? = nil, statements: RevisionStatements? = nil, sizes: RangePlan.Sizes,
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.policies = policies
        self.isOffline = isOffline
        self.quotas = quotas
        self.transport = transport
        adoption = RepositoryAdoption(
            store: store, git: git, policies: policies, clock: clock, logger: logger, isOffline: isOffline)
        let freshness = RefFreshness(
            store: store, policies: policies, metrics: metrics, clock: clock, logger: logger, isOffline: isOffline)
        self.freshness = freshness
        repositories = RepositoryFetcher(
            store: store, git: git, policies: policies, clock: clock, logger: logger, isOffline: isOffline,
            statements: statements,
            onOutdatedRefs: { freshness.expire($0) })
        self.blobs = BlobFetcher(
            store: store, blobs: blobs, transport: transport, metrics: metrics, clock: clock, logger: logger,
            sizes: sizes, pause: pause)
        self.store = store
        ungranted = ExpiringMemory(clock: clock)
    }

    package var absenceRemark: String? {
        isOffline ? "Weir is offline: what is not stored here cannot be fetched." : nil
    }

    package func refusal(of id: RepositoryID, for principal: Principal) -> HubError? {
        adoption.refusal(of: id, for: principal)
    }

    package func admit(_ repository: Repository) async throws { try await quotas?.admit(repository) }

    package func adopt(_ id: RepositoryID, for principal: Principal) async throws -> Bool {
        try await adoption.adopt(id, for: principal)
    }

    package func refresh(_ repository: Repository, for revision: Revision?) async throws -> Freshness {
        // Nobody is asked about what is buried: what is known of it stays to be seen.
        if let tombstone = try await store.tombstone(of: repository.id, origin: repository.origin) {
            return .stale(since: tombstone.buriedAt, reason: tombstone.refusal.message)
        }
        return try await freshness.refresh(repository, for: revision)
    }

    package func acquire(_ wants: [ObjectID], of repository: Repository, history: Bool) async throws {
        try await repositories.acquire(wants, of: repository, history: history)
    }

    package func fetch(_ pointer: LFSPointer, path: String, at commit: CommitID, of repository: Repository) async throws
        -> BlobReader
    {
        try await requireUnburied(pointer, of: repository)
        try QuotaTally.current?.hold(fileOf: pointer.size)
        let origins = try origins(of: repository)
        try await takeRoom(for: pointer, of: repository)
        defer { quotas?.shelf.began(pointer.oid) }
        return try await blobs.reader(
            for: pointer, wanted: want(pointer, path: path, at: commit, of: repository), from: origins)
    }

    /// Fetches a blob ahead: the same download that readers follow, begun or joined, until it is stored.
    ///
    /// It goes on for others when the caller is cancelled; where there are none it ends, and what came is kept.
    /// - Parameter progress: told how many bytes of it are here, and from which upstream the latest came; nil when none
    ///   came from one. After about each MiB.
    package func bring(
        _ pointer: LFSPointer, path: String, at commit: CommitID, of repository: Repository,
        progress: @escaping @Sendable (_ bytes: Int64, _ upstream: String?) async -> Void
    ) async throws {
        try await requireUnburied(pointer, of: repository)
        let origins = try origins(of: repository)
        try await takeRoom(for: pointer, of: repository)
        defer { quotas?.shelf.began(pointer.oid) }
        try await blobs.bring(
            pointer, wanted: want(pointer, path: path, at: commit, of: repository), from: origins, progress: progress)
        try await blobs.settle(pointer.oid)
    }

    /// Reads a part of a blob that is not stored here, which nothing can be checked of: it may be looked at, and is told
    /// to be a part that nobody verified, but is never given out as the file or kept as it.
    /// - Throws: `.notSupported` where no upstream gives parts of files; why none gave this one.
    func read(
        _ range: Range<Int64>, of pointer: LFSPointer, path: String, at commit: CommitID, of repository: Repository
    ) async throws -> [UInt8] {
        try await requireUnburied(pointer, of: repository)
        try QuotaTally.current?.hold(fileOf: Int64(range.count))
        guard let place = UpstreamPath(of: repository) else {
            throw HubError(.blobNotFound, "The LFS object \(pointer.oid.hex) was never uploaded.")
        }
        let file = RemoteFile(path: path, size: pointer.size, digest: pointer.oid)
        var failures = FailureRanking()
        for origin in try origins(of: repository).joined() {
            let reader = RangeReader(
                origin.upstream, transport: transport, repository: place, commit: commit, allowance: Int64(range.count))
            do {
                return try await reader.read(file, from: range.lowerBound, count: Int64(range.count))
            } catch let error as HubError where !FailureRanking.endsAll(error) {
                try Task.checkCancellation()
                failures.note(error)
            }
        }
        throw failures.verdict(
            nothing: HubError(.upstreamUnavailable, "No upstream of \(repository.id) is configured."))
    }

    /// What is buried is fetched from nobody.
    private func requireUnburied(_ pointer: LFSPointer, of repository: Repository) async throws {
        try await store.requireUnburied(repository.id, origin: repository.origin)
        try await store.requireUnburied(pointer.oid)
    }

    /// Sees that a blob fits into what its owner may have stored of the mirror.
    private func takeRoom(for pointer: LFSPointer, of repository: Repository) async throws {
        try await quotas?.makeRoom(for: pointer, of: repository) { [blobs] in await blobs.isFetching($0) }
    }

    /// Says which blobs are about to be brought, so that one question tells where many of them are.
    package func prepare(_ pointers: [LFSPointer], of repository: Repository) async {
        guard let first = try? upstreams(of: repository).first, let path = UpstreamPath(of: repository) else { return }
        // Why it was in vain each blob tells that is asked for.
        try? await first.prepare(pointers, of: path)
    }

    private func want(_ pointer: LFSPointer, path: String, at commit: CommitID, of repository: Repository) -> BlobWant {
        BlobWant(repository: repository, commit: commit, path: path) { [self] in
            try await proves(pointer, of: repository)
        }
    }

    package func gives(_ pointer: LFSPointer, of repository: Repository) async throws -> Bool {
        // Readers have its last byte a moment before its arrival is written down.
        try await blobs.settle(pointer.oid)
        return try await proves(pointer, of: repository)
    }

    private func proves(_ pointer: LFSPointer, of repository: Repository) async throws -> Bool {
        if try await store.isProved(pointer.oid, for: repository) { return true }
        guard try await grants([pointer], of: repository).contains(pointer.oid) else { return false }
        try await store.linkGranted([pointer], to: repository.key)
        return true
    }

    package func grants(_ pointers: [LFSPointer], of repository: Repository) async throws -> Set<BlobID> {
        let ways = try upstreams(of: repository)
        guard let path = UpstreamPath(of: repository) else { return [] }
        func name(_ pointer: LFSPointer) -> String { "\(repository.key) \(pointer.oid.hex) \(pointer.size)" }
        let asked = pointers.filter { ungranted[name($0)] == nil }
        guard !asked.isEmpty else { return [] }
        var granted: Set<BlobID> = []
        var failures = FailureRanking()
        var hasAnswered = false
        for upstream in ways {
            let rest = asked.filter { !granted.contains($0.oid) }
            if rest.isEmpty { break }
            do {
                granted.formUnion(try await upstream.granted(rest, of: path))
                hasAnswered = true
            } catch let error as HubError {
                if FailureRanking.isOurs(error) { throw error }
                failures.note(error)
            }
        }
        guard hasAnswered else {
            throw failures.verdict(
                nothing: HubError(.upstreamUnavailable, "No upstream of \(repository.id) is configured."))
        }
        let lifetime = policies.current.mirror(of: repository)?.negativeLifetime ?? .zero
        for pointer in asked where !granted.contains(pointer.oid) {
            ungranted.remember(true, for: name(pointer), lifetime: lifetime)
        }
        return granted
    }

    /// Fetches again what is damaged of a repository's commits.
    /// - Parameter roots: what it has to hold, with whether history belongs to it.
    /// - Returns: the upstream that had what was missing; nil when none had.
    func repair(
        _ roots: [(object: ObjectID, hasHistory: Bool)], of repository: Repository,
        until isWhole: @Sendable () async throws -> Bool
    ) async throws -> String? {
        guard !isOffline else { return nil }
        return try await repositories.repair(roots, of: repository, from: ways(to: repository), until: isWhole)
    }

    /// Who may have what a repository holds, and under which name: a mirror's upstreams; of a local repository every
    /// peer that runs Weir, which may mirror it.
    func ways(to repository: Repository) throws -> [(upstream: any Upstream, path: UpstreamPath)] {
        if let path = UpstreamPath(of: repository) { return try upstreams(of: repository).map { ($0, path) } }
        let path = UpstreamPath(kind: repository.id.kind, path: repository.id.path)
        return policies.current.mirrors.filter(\.asksUpstream).flatMap(\.upstreams).filter { $0.type == .weir }
            .map { ($0, path) }
    }

    /// Forgets everything that upstreams were said not to have or not to give of a repository.
    package func forgetRefusals(of repository: Repository) {
        if let path = UpstreamPath(of: repository) { forgetAbsence(of: path) }
        ungranted.forget { $0.hasPrefix("\(repository.key) ") }
        repositories.forgetAbsence(of: repository.key)
        freshness.expire(repository.key)
    }

    /// A repository that was not there may be now: the next who asks is not answered from memory.
    func forgetAbsence(of repository: UpstreamPath) { adoption.forgetAbsence(of: repository) }

    /// Ends downloads and fetches under way; what was received stays for the next start.
    package func shutDown() async {
        async let downloads: Void = blobs.shutDown()
        await adoption.shutDown()
        await freshness.shutDown()
        await repositories.shutDown()
        await downloads
    }

    private func origins(of repository: Repository) throws -> [[BlobOrigin]] {
        guard !isOffline else { throw Self.offline("The file") }
        return try policies.origins(of: repository)
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
