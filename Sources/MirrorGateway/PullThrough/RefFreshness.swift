import HubCore
import Logging

/// Decides when an upstream is asked for its refs, and answers with the last known ones when it is silent.
///
/// A stored commit never asks. A branch asks at most once per time to live, and everyone who waits shares one ls-refs.
final class RefFreshness: Sendable {
    private let store: RepositoryStore
    private let policies: PolicyEngine
    private let metrics: GatewayMetrics
    private let clock: WallClock
    private let logger: Logger
    private let isOffline: Bool
    private let flights = SingleFlight<String, Freshness>()
    /// After a failure the last known state answers for this long before the upstream is tried again.
    private static let failurePause: Int64 = 5_000

    init(
        store: RepositoryStore, policies: PolicyEngine, metrics: GatewayMetrics, clock: WallClock, logger: Logger,
        isOffline: Bool
    ) {
        self.store = store
        self.policies = policies
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
        self.isOffline = isOffline
    }

    func cancelAll() { flights.cancelAll() }

    func refresh(_ repository: Repository, for revision: Revision?) async throws -> Freshness {
        if case .commit = revision { return .fresh }
        let state = try await store.mirrorState(of: repository.key)
        let mirror = policies.current.mirror(of: repository)
        guard !isOffline, let mirror, mirror.asksUpstream else {
            return try stale(repository, state, reason: isOffline ? "Weir is offline" : "the mirror does not ask upstream", limit: nil)
        }
        let now = clock.now()
        if let state, state.failedAt == nil, state.changedAt == nil {
            let age = now - state.checkedAt
            let isKnown = try await knows(revision, of: repository)
            let lifetime = isKnown ? mirror.refLifetime : mirror.negativeLifetime
            if age < lifetime.milliseconds { return .fresh }
        }
        if let state, let failedAt = state.failedAt, state.checkedAt > 0, now - failedAt < Self.failurePause {
            return try stale(repository, state, reason: state.failure ?? "the upstream does not answer", limit: mirror.staleLimit)
        }
        var prefixes = ["HEAD", "refs/heads/", "refs/tags/"]
        if case .ref(let name) = revision, !name.isBranch, !name.isTag { prefixes.append(name.name) }
        let key = "\(repository.key) \(prefixes.joined(separator: " "))"
        do {
            return try await flights.run(key) { [self, prefixes] in
                try await ask(repository, prefixes: prefixes)
            }.value
        } catch let error as HubError {
            try await store.noteFailure(error.line, of: repository.key)
            logger.warning(
                "upstream did not give its refs",
                metadata: ["repository": "\(repository.id)", "error": "\(error)"])
            guard let state, state.checkedAt > 0 else { throw error }
            return try stale(repository, state, reason: error.message, limit: mirror.staleLimit, cause: error)
        }
    }

    private func ask(_ repository: Repository, prefixes: [String]) async throws -> Freshness {
        guard let path = UpstreamPath(of: repository) else { return .fresh }
        var failure = HubError(.upstreamUnavailable, "No upstream of \(repository.id) is configured.")
        for upstream in try policies.upstreams(of: repository) {
            do {
                let answer = try await upstream.references(of: path, prefixes: prefixes)
                try await store.replaceRefs(
                    of: repository.key, by: answer.refs, within: prefixes.filter { $0 != "HEAD" },
                    defaultBranch: answer.head?.isBranch == true ? answer.head?.shortName : nil)
                try await store.noteChecked(repository.key)
                return .fresh
            } catch let error as HubError {
                failure = error
            }
        }
        throw failure
    }

    private func knows(_ revision: Revision?, of repository: Repository) async throws -> Bool {
        switch revision {
        case nil, .commit: return true
        case .ref(let name): return try await store.ref(name, of: repository.key) != nil
        case .name(let text), .abbreviated(let text):
            for name in [RefName.branch(text), RefName.tag(text)].compactMap(\.self) {
                if try await store.ref(name, of: repository.key) != nil { return true }
            }
            return text == "main" || text == "master"
        }
    }

    private func stale(
        _ repository: Repository, _ state: MirrorState?, reason: String, limit: Duration?, cause: HubError? = nil
    ) throws -> Freshness {
        guard let state, state.checkedAt > 0 else {
            throw cause ?? MirrorSource.offline("The repository \(repository.id)")
        }
        if let limit, clock.now() - state.checkedAt > limit.milliseconds {
            throw cause
                ?? HubError(
                    .upstreamUnavailable, "\(repository.id) was last checked too long ago to be served stale: \(reason).")
        }
        metrics.cacheRequest(.stale)
        return .stale(since: state.checkedAt, reason: reason)
    }
}
