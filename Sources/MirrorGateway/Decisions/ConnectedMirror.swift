import HubCore
package import Policies

/// A mirror of the policy files with its upstreams ready to be asked.
package struct ConnectedMirror: Sendable {
    package let document: Mirror
    /// In the order of priority.
    package let upstreams: [any Upstream]
    /// Read when the policy was loaded, so that a file that changes meanwhile breaks nothing.
    var keys = MirrorKeys()

    package var name: String { document.name }

    /// Whether this mirror may ask upstream at all. Bundles are no upstream that answers.
    var asksUpstream: Bool {
        document.mode != .offline && document.upstreams.contains { $0.type != .bundle }
    }
    /// Whether all that it has comes by bundles.
    var takesBundlesOnly: Bool { document.upstreams.allSatisfy { $0.type == .bundle } }
    /// Whether it gives out content, or only what describes it.
    var servesContent: Bool { document.mode != .browse }

    /// How long an answered ref is taken as it is.
    var refLifetime: Duration { document.cache.refTTL }
    /// How long something that does not exist is taken as missing.
    var negativeLifetime: Duration { document.cache.negativeTTL }
    /// For how long the last known state answers for a silent upstream.
    var staleLimit: Duration { document.cache.serveStaleMaximumAge }

    /// The upstream's name for a local one, by `namespace.map`; nil when the mirror does not hold that namespace.
    func upstreamID(for id: RepositoryID) -> RepositoryID? {
        guard let owner = document.namespace.owner(forLocalNamespace: id.namespace) else { return nil }
        return RepositoryID(kind: id.kind, namespace: owner, name: id.name)
    }
}

/// One policy in force: what was decided with it stays decided by it.
package struct PolicyState: Sendable {
    package let snapshot: PolicySnapshot
    package let mirrors: [ConnectedMirror]
    /// Milliseconds since 1970.
    package let loadedAt: Int64

    package var digest: String { snapshot.digest }

    /// The mirror a repository came by; nil when the policy files no longer have it.
    func mirror(of repository: Repository) -> ConnectedMirror? {
        guard case .mirror(let origin) = repository.origin else { return nil }
        return mirrors.first { $0.name == origin.mirror }
    }

    package func decide(_ mirror: ConnectedMirror, _ facts: Facts) -> Decision {
        snapshot.decide(mirror: mirror.document, facts: facts)
    }
}
