import HubCore

/// What every dialect is put together from.
struct UpstreamParts: Sendable {
    let configuration: UpstreamConfiguration
    let addresses: UpstreamAddresses
    let access: UpstreamAccess
    let failures: UpstreamFailures
    let metadata: MetadataClient
    let git: GitProtocolClient
    let lfs: LFSBatchClient

    init(_ configuration: UpstreamConfiguration, transport: any UpstreamTransport, clock: WallClock) {
        self.configuration = configuration
        addresses = UpstreamAddresses(
            type: configuration.type, base: configuration.baseURL, git: configuration.gitURL)
        access = UpstreamAccess(configuration, addresses: addresses)
        failures = UpstreamFailures(
            upstream: configuration.name, isSignedIn: access.isSignedIn, secrets: access.secrets, clock: clock)
        metadata = MetadataClient(transport: transport, connection: access.api, failures: failures)
        git = GitProtocolClient(
            transport: transport, connection: access.git, failures: failures, memory: GitServiceMemory(clock: clock),
            // Any other git server may be an old one, and CSGHub's answers what it refuses in ways of its own.
            presumesV2: configuration.type == .huggingface || configuration.type == .weir)
        lfs = LFSBatchClient(
            transport: transport, access: access, failures: failures, clock: clock,
            anonymousFirst: configuration.type == .opencsg || configuration.type == .csghub)
    }
}

/// An upstream made of the common parts: git, LFS and files by URL are the same everywhere, only looking up differs.
protocol ComposedUpstream: Upstream {
    var parts: UpstreamParts { get }
}

extension ComposedUpstream {
    package var name: String { parts.configuration.name }
    package var type: UpstreamType { parts.configuration.type }

    package func references(of repository: UpstreamPath, prefixes: [String]) async throws -> UpstreamRefs {
        try await parts.git.references(
            at: parts.addresses.git(repository), named: repository.description, prefixes: prefixes)
    }

    package func pack(
        of repository: UpstreamPath, wants: [ObjectID], haves: [ObjectID], depth: Int?, shallow: [ObjectID]
    ) async throws -> UpstreamPack {
        try await parts.git.pack(
            at: parts.addresses.git(repository), named: repository.description,
            fetching: FetchRequest(wants: wants, haves: haves, depth: depth, shallow: shallow))
    }

    package func prepare(_ pointers: [LFSPointer], of repository: UpstreamPath) async throws {
        try await parts.lfs.prepare(pointers, at: parts.addresses.lfs(repository), named: repository.description)
    }

    package func granted(_ pointers: [LFSPointer], of repository: UpstreamPath) async throws -> Set<BlobID> {
        try await parts.lfs.granted(
            pointers, at: parts.addresses.lfs(repository), named: repository.description)
    }

    package func blobRequests(
        for pointer: LFSPointer, of repository: UpstreamPath, commit: CommitID, path: String
    ) async throws -> [BlobRequest] {
        var ways = batchWays(for: pointer, of: repository)
        if let url = parts.addresses.resolve(path, at: commit, of: repository) {
            ways.append(
                BlobRequest(way: "resolve", supportsRange: true, connection: parts.access.api) { _ in
                    EgressRequest(url: url, followRedirects: 5, purpose: .blob)
                })
        }
        return ways
    }

    /// The link of a batch with what it says; then, for git servers that expect their own clients to sign in at the link too,
    /// the same link with our credentials, at the origin alone where the batch has had them already.
    private func batchWays(for pointer: LFSPointer, of repository: UpstreamPath) -> [BlobRequest] {
        let server = parts.addresses.lfs(repository)
        let access = parts.access
        let holder = LFSLinkHolder(
            client: parts.lfs, pointer: pointer, server: server, name: repository.description)
        var ways = [
            BlobRequest(way: "lfs", supportsRange: true, connection: access.anonymous) { renewing in
                Self.request(for: try await holder.current(renewing: renewing))
            }
        ]
        if type == .gitLFS, access.isSignedIn {
            ways.append(
                BlobRequest(way: "lfs-signed-in", supportsRange: true, connection: access.lfs) { renewing in
                    let link = try await holder.current(renewing: renewing)
                    guard link.url.origin == server.origin, !link.hasAuthorization else {
                        throw HubError(
                            .upstreamRefused,
                            "Upstream \(access.name) keeps \(pointer.oid) where our credentials do not go.")
                    }
                    return Self.request(for: link)
                })
        }
        return ways
    }

    private static func request(for link: LFSLink) -> EgressRequest {
        EgressRequest(
            url: link.url, headers: link.headers.map { ($0.name, $0.value) }, followRedirects: 5, purpose: .blob)
    }
}
