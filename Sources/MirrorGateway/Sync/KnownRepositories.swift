package import HubCore

/// A repository of an upstream as it was last told of.
package struct KnownRepository: Sendable {
    package let upstream: String
    package let description: RemoteDescription
    /// Whether it is there, for us.
    package let isPresent: Bool
    /// Whether the upstream was asked about it, and not only named it.
    package let isDescribed: Bool
    /// Milliseconds since 1970 when the upstream last told of it.
    package let seenAt: Int64

    package init(
        upstream: String, description: RemoteDescription, isPresent: Bool, isDescribed: Bool, seenAt: Int64
    ) {
        self.upstream = upstream
        self.description = description
        self.isPresent = isPresent
        self.isDescribed = isDescribed
        self.seenAt = seenAt
    }
}

/// What is known of upstreams' repositories without asking: the catalogue, as planning needs it.
package protocol KnownRepositories: Sendable {
    /// The next repositories of a mirror's upstreams, in an order that a cursor can go on in.
    /// - Parameter cursor: nil for the first; else what came with the page before.
    func page(of mirror: String, after cursor: Int64?, limit: Int) async throws -> (
        repositories: [KnownRepository], next: Int64?
    )

    /// Nil when no upstream of the mirror told of it.
    func known(_ repository: UpstreamPath, mirror: String, upstreams: [String]) async throws -> KnownRepository?

    /// Keeps what an upstream told just now.
    func record(_ description: RemoteDescription, mirror: String, upstream: String) async throws
}

/// What knows nothing, where there is no catalogue.
package struct NoKnownRepositories: KnownRepositories {
    package init() {}

    package func page(of mirror: String, after cursor: Int64?, limit: Int) async throws -> (
        repositories: [KnownRepository], next: Int64?
    ) { ([], nil) }

    package func known(_ repository: UpstreamPath, mirror: String, upstreams: [String]) async throws
        -> KnownRepository?
    { nil }

    package func record(_ description: RemoteDescription, mirror: String, upstream: String) async throws {}
}

/// Gives decisions what is known of a repository beside its commits, and remembers it for a while: the gate asks at
/// each request.
package final class StandingFacts: RemoteFactSource, Sendable {
    private struct Key: Hashable {
        let mirror: String
        let path: UpstreamPath
    }

    let known: any KnownRepositories
    /// Names of a mirror's upstreams, best first.
    private let upstreams: @Sendable (String) -> [String]
    private let memory: ExpiringMemory<Key, RemoteDescription?>
    private static let lifetime = Duration.seconds(60)

    package init(_ known: any KnownRepositories, policies: PolicyEngine, clock: WallClock) {
        self.known = known
        upstreams = { name in
            policies.current.mirrors.first { $0.name == name }?.upstreams.map(\.name) ?? []
        }
        memory = ExpiringMemory(clock: clock)
    }

    package func description(of repository: UpstreamPath, mirror: String) async -> RemoteDescription? {
        let key = Key(mirror: mirror, path: repository)
        if let remembered = memory[key] { return remembered }
        // A catalogue that cannot be read leaves the facts unknown, as before the first contact.
        let found = try? await known.known(repository, mirror: mirror, upstreams: upstreams(mirror))?.description
        memory.remember(found, for: key, lifetime: Self.lifetime)
        return found
    }

    /// Something newer was told.
    func forget(_ repository: UpstreamPath, mirror: String) { memory.forget(Key(mirror: mirror, path: repository)) }
}
