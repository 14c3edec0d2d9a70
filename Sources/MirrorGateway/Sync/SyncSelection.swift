import HubCore
import Policies

/// Which repositories a mirror might bring: those that its upstreams told of, and those that its rules name.
struct SyncSelection: Sendable {
    let policies: PolicyEngine
    let known: any KnownRepositories

    /// Repositories that are looked at together.
    static let pageSize = 500

    /// The mirror that an order or a request is about.
    /// - Parameter mayBeProxy: whether somebody named a repository, which a mirror in mode `proxy` brings as well.
    /// - Throws: `.notFound`, `.policyDenied` for a mode that fetches nothing.
    func mirror(named name: String, mayBeProxy: Bool) throws -> ConnectedMirror {
        guard let mirror = policies.current.mirrors.first(where: { $0.name == name }) else {
            throw HubError(
                .notFound, "No policy file has an enabled mirror '\(name)'.",
                remedy: "Its name is `metadata.name` in its file.")
        }
        switch mirror.document.mode {
        case .mirror: return mirror
        case .proxy where mayBeProxy: return mirror
        case .proxy:
            throw HubError(
                .policyDenied,
                "The mirror '\(name)' (\(mirror.document.location.file)) is in mode 'proxy': it fetches what somebody names, and nothing by its rules.",
                remedy: "Name a repository, or ask for mode 'mirror'.")
        case .browse, .offline:
            throw HubError(
                .policyDenied,
                "The mirror '\(name)' (\(mirror.document.location.file)) is in mode '\(mirror.document.mode.rawValue)': it fetches nothing.",
                remedy: "Ask for mode 'mirror' or 'proxy'.")
        }
    }

    /// The mirror that would be asked for a repository by its name here.
    /// - Throws: `.notFound` when none would.
    func mirror(for id: RepositoryID) throws -> ConnectedMirror {
        let mirror = policies.current.mirrors.first {
            [.proxy, .mirror].contains($0.document.mode) && $0.upstreamID(for: id) != nil
        }
        guard let mirror else {
            throw HubError(
                .notFound, "No mirror that fetches content holds the namespace '\(id.namespace)'.",
                remedy: "Look at `namespace.map` and `mode` of the mirror files.")
        }
        return mirror
    }

    /// A repository that somebody names by its name here.
    func candidate(_ id: RepositoryID, of mirror: ConnectedMirror) throws -> SyncCandidate {
        guard let above = mirror.upstreamID(for: id) else {
            throw HubError(.notFound, "The mirror '\(mirror.name)' does not hold the namespace '\(id.namespace)'.")
        }
        return SyncCandidate(mirror: mirror, path: UpstreamPath(above), local: id, isNamed: true)
    }

    /// A repository by the upstream's name; nil for a name that cannot be one here.
    func candidate(_ path: UpstreamPath, of mirror: ConnectedMirror, known: KnownRepository? = nil) -> SyncCandidate? {
        guard let above = RepositoryID(kind: path.kind, path: path.path),
            let owner = mirror.document.namespace.localNamespace(forOwner: above.namespace),
            let local = RepositoryID(kind: path.kind, namespace: owner, name: above.name)
        else { return nil }
        return SyncCandidate(mirror: mirror, path: path, local: local, known: known)
    }

    /// Hands over all candidates of a mirror, in pages, each once.
    func forEachPage(of mirror: ConnectedMirror, _ body: ([SyncCandidate]) async throws -> Void) async throws {
        var seen: Set<UpstreamPath> = []
        func isNew(_ path: UpstreamPath) -> Bool {
            seen.insert(UpstreamPath(kind: path.kind, path: path.path.lowercased())).inserted
        }
        var cursor: Int64?
        repeat {
            let (page, next) = try await known.page(of: mirror.name, after: cursor, limit: Self.pageSize)
            let candidates = page.filter(\.isPresent).compactMap { known -> SyncCandidate? in
                let path = UpstreamPath(kind: known.description.kind, path: known.description.path)
                guard mirror.upstreams.contains(where: { $0.name == known.upstream }), isNew(path) else { return nil }
                return candidate(path, of: mirror, known: known)
            }
            if !candidates.isEmpty { try await body(candidates) }
            cursor = next
        } while cursor != nil
        let named = policies.current.snapshot.namedRepositories(of: mirror.document).flatMap { named in
            Self.kinds(named, of: mirror).map { UpstreamPath(kind: $0, path: named.path) }
        }
        let candidates = named.filter(isNew).compactMap { candidate($0, of: mirror) }
        if !candidates.isEmpty { try await body(candidates) }
    }

    /// A rule that names no kind means models and datasets, which is what a name alone is asked for everywhere; a git
    /// server knows no kinds, and has each name once.
    private static func kinds(_ named: NamedRepository, of mirror: ConnectedMirror) -> [HubCore.RepositoryKind] {
        if !named.kinds.isEmpty { return named.kinds.compactMap { HubCore.RepositoryKind(rawValue: $0) } }
        return mirror.upstreams.allSatisfy { $0.type == .gitLFS } ? [.model] : [.model, .dataset]
    }
}
