import HubCore
package import MirrorGateway

/// Which upstreams the policy files name and what they are, for facts that say where a repository comes from.
package struct UpstreamCatalogue: Sendable {
    package struct Entry: Sendable {
        /// Name of the mirror file.
        package let mirror: String
        /// Name of the upstream in it.
        package let upstream: String
        package let type: UpstreamType

        package init(mirror: String, upstream: String, type: UpstreamType) {
            self.mirror = mirror
            self.upstream = upstream
            self.type = type
        }
    }

    private let read: @Sendable () -> [Entry]

    /// - Parameter read: what the policy in force has; asked at every use, since policies change.
    package init(_ read: @escaping @Sendable () -> [Entry]) { self.read = read }

    /// The upstreams of a gateway's policy in force.
    package init(_ policies: PolicyEngine?) {
        read = {
            (policies?.current.mirrors ?? []).flatMap { mirror in
                mirror.upstreams.map { Entry(mirror: mirror.name, upstream: $0.name, type: $0.type) }
            }
        }
    }

    /// Nil for local content and for an upstream no policy file has any more.
    func type(of repository: Repository) -> UpstreamType? {
        guard case .mirror(let origin) = repository.origin else { return nil }
        return read().first { $0.mirror == origin.mirror && $0.upstream == origin.upstream }?.type
    }

    /// The upstreams that are of one of these types.
    func names(of types: Set<UpstreamType>) -> [(mirror: String, upstream: String)] {
        read().filter { types.contains($0.type) }.map { (mirror: $0.mirror, upstream: $0.upstream) }
    }
}
