import HubCore
import Logging
import Policies

/// Looks upstream for repositories nobody here knows, mirror by mirror, and registers what exists and may come in.
final class RepositoryAdoption: Sendable {
    private let store: RepositoryStore
    private let git: GitStore
    private let policies: PolicyEngine
    private let clock: WallClock
    private let logger: Logger
    private let isOffline: Bool
    private let flights = SingleFlight<String, Bool>()
    /// Names that no upstream has, and by which policy they were looked for.
    private let absent: ExpiringMemory<String, String>

    init(
        store: RepositoryStore, git: GitStore, policies: PolicyEngine, clock: WallClock, logger: Logger, isOffline: Bool
    ) {
        self.store = store
        self.git = git
        self.policies = policies
        self.clock = clock
        self.logger = logger
        self.isOffline = isOffline
        absent = ExpiringMemory(clock: clock)
    }

    func shutDown() async { await flights.shutDown() }

    /// What the first mirror that would be asked says against a name.
    func refusal(of id: RepositoryID, for principal: Principal) -> HubError? {
        guard !RepositoryID.reservedNamespaces.contains(id.namespaceKey), !isOffline else { return nil }
        return candidates(for: id, principal, policies.current).refusal
    }

    func adopt(_ id: RepositoryID, for principal: Principal) async throws -> Bool {
        guard !RepositoryID.reservedNamespaces.contains(id.namespaceKey) else { return false }
        guard !isOffline else { return false }
        let state = policies.current
        let (candidates, refusal) = candidates(for: id, principal, state)
        guard !candidates.isEmpty else {
            if let refusal { throw refusal }
            return false
        }
        let key =
            "\(id.kind.rawValue):\(id.namespaceKey)/\(id.nameKey) " + candidates.map(\.name).joined(separator: " ")
        if absent[key] == state.digest {
            if let refusal { throw refusal }
            return false
        }
        let isFound = try await flights.run("\(key) \(state.digest)") { [self, candidates] in
            try await search(id, key: key, among: candidates, policy: state.digest)
        }.value
        if !isFound, let refusal { throw refusal }
        return isFound
    }

    /// Looks in the upstreams of one mirror alone, for who fetches ahead and has decided on the name already.
    func adopt(_ id: RepositoryID, from mirror: ConnectedMirror) async throws -> Bool {
        let digest = policies.current.digest
        let key = "\(id.kind.rawValue):\(id.namespaceKey)/\(id.nameKey) \(mirror.name)"
        return try await flights.run("\(key) \(digest)") { [self] in
            try await search(id, key: key, among: [mirror], policy: digest)
        }.value
    }

    /// What the name alone decides is decided for each caller, before anything is asked or shared.
    private func candidates(for id: RepositoryID, _ principal: Principal, _ state: PolicyState)
        -> (mirrors: [ConnectedMirror], refusal: HubError?)
    {
        var refusal: HubError?
        var candidates: [ConnectedMirror] = []
        for mirror in state.mirrors where mirror.asksUpstream {
            guard let upstreamID = mirror.upstreamID(for: id) else { continue }
            var facts = Facts(kind: id.kind.rawValue, repository: upstreamID.path)
            facts.author = upstreamID.namespace
            facts.user = principal.user?.name ?? ""
            let decision = state.decide(mirror, facts)
            if decision.outcome == .deny {
                refusal = refusal ?? HubError(refusing: decision)
            } else {
                candidates.append(mirror)
            }
        }
        return (candidates, refusal)
    }

    private func search(_ id: RepositoryID, key: String, among mirrors: [ConnectedMirror], policy: String) async throws
        -> Bool
    {
        var failure: HubError?
        var negative: Duration?
        for mirror in mirrors {
            guard let upstreamID = mirror.upstreamID(for: id) else { continue }
            // What is buried is not brought here; what is here already stays to be seen.
            try await store.requireUnburied(
                id,
                origin: .mirror(Repository.Mirror(mirror: mirror.name, upstream: "", path: upstreamID.path)))
            negative = min(negative ?? mirror.negativeLifetime, mirror.negativeLifetime)
            for upstream in mirror.upstreams {
                do {
                    switch try await upstream.lookUp(upstreamID) {
                    case .found(let found):
                        return try await register(id, found, mirror: mirror, upstream: upstream.name)
                    case .absent:
                        continue
                    case .refused(let error):
                        logger.notice(
                            "upstream refuses a repository",
                            metadata: ["upstream": "\(upstream.name)", "repository": "\(id)", "error": "\(error)"])
                        // What exists and is not for us must not read as if it did not exist.
                        failure = failure ?? error
                    }
                } catch let error as HubError where error.code == .revisionNotFound || error.code == .repositoryNotFound
                {
                    continue
                } catch let error as HubError {
                    failure = failure ?? error
                }
            }
        }
        if let failure { throw failure }
        absent.remember(policy, for: key, lifetime: negative ?? .seconds(60))
        return false
    }

    private func register(_ id: RepositoryID, _ found: UpstreamRepository, mirror: ConnectedMirror, upstream: String)
        async throws -> Bool
    {
        // The upstream's own spelling of the name is the one that is kept; of the owner, unless it is mapped to another.
        var spelled = id
        if let upstreamID = RepositoryID(kind: id.kind, path: found.path), upstreamID.nameKey == id.nameKey {
            let owner = upstreamID.namespaceKey == id.namespaceKey ? upstreamID.namespace : id.namespace
            spelled = RepositoryID(kind: id.kind, namespace: owner, name: upstreamID.name) ?? id
        }
        let key = try await store.registerMirror(
            spelled,
            of: Repository.Mirror(mirror: mirror.name, upstream: upstream, path: found.path),
            // What the operator's credentials open is for people who signed in here, not for everybody (S17).
            visibility: found.isPrivate || found.isGated ? .internal : .public,
            defaultBranch: found.defaultBranch ?? "main")
        if await !git.exists(key) { try await git.create(key) }
        logger.info(
            "adopted a repository",
            metadata: ["repository": "\(id)", "mirror": "\(mirror.name)", "upstream": "\(upstream)"])
        return true
    }

    /// Keys begin with kind and name as they are here, which a namespace map may have changed: then nothing is found and
    /// the entry ends with its lifetime.
    func forgetAbsence(of repository: UpstreamPath) {
        let prefix = "\(repository.kind.rawValue):\(repository.path.lowercased()) "
        absent.forget { $0.hasPrefix(prefix) }
    }
}
