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
    /// Refs that are neither branches nor tags are asked for one by one; these were, a moment ago.
    private let askedOthers: ExpiringMemory<String, Bool>
    /// Repositories whose refs proved outdated before their time.
    private let outdated: ExpiringMemory<Int64, Bool>
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
        askedOthers = ExpiringMemory(clock: clock)
        outdated = ExpiringMemory(clock: clock)
    }

    func shutDown() async { await flights.shutDown() }

    /// The upstream no longer has what its refs named: they are asked for again, whatever their age.
    func expire(_ key: Int64) { outdated.remember(true, for: key, lifetime: .seconds(60)) }

    func refresh(_ repository: Repository, for revision: Revision?) async throws -> Freshness {
        if case .commit = revision { return .fresh }
        let state = try await store.mirrorState(of: repository.key)
        let mirror = policies.current.mirror(of: repository)
        guard !isOffline, let mirror, mirror.asksUpstream else {
            return try stale(repository, state, reason: isOffline ? "Weir is offline" : "the mirror does not ask upstream", limit: nil)
        }
        let now = clock.now()
        let other = Self.otherRef(revision)
        if try await isFresh(repository, state, mirror, revision, other: other, now: now) { return .fresh }
        if let state, let failedAt = state.failedAt, state.checkedAt > 0, now - failedAt < Self.failurePause {
            return try stale(repository, state, reason: state.failure ?? "the upstream does not answer", limit: mirror.staleLimit)
        }
        let prefixes = other.map { [$0.name] } ?? ["HEAD", "refs/heads/", "refs/tags/"]
        do {
            return try await flights.run("\(repository.key) \(prefixes.joined(separator: " "))") { [self, prefixes] in
                try await ask(repository, prefixes: prefixes, other: other)
            }.value
        } catch let error as HubError where error.code != .shuttingDown {
            guard let state, state.checkedAt > 0 else { throw error }
            return try stale(repository, state, reason: error.message, limit: mirror.staleLimit, cause: error)
        }
    }

    /// The ref a revision names, when it is neither a branch nor a tag.
    private static func otherRef(_ revision: Revision?) -> RefName? {
        guard case .ref(let name) = revision, !name.isBranch, !name.isTag else { return nil }
        return name
    }

    private func isFresh(
        _ repository: Repository, _ state: MirrorState?, _ mirror: ConnectedMirror, _ revision: Revision?,
        other: RefName?, now: Int64
    ) async throws -> Bool {
        if outdated[repository.key] != nil { return false }
        // The check of branches and tags says nothing about another ref.
        if let other { return askedOthers[Self.name(other, repository)] != nil }
        guard let state, state.failedAt == nil, state.changedAt == nil else { return false }
        let isKnown = try await knows(revision, of: repository)
        let lifetime = isKnown ? mirror.refLifetime : mirror.negativeLifetime
        return now - state.checkedAt < lifetime.milliseconds
    }

    private static func name(_ other: RefName, _ repository: Repository) -> String { "\(repository.key) \(other.name)" }

    private func ask(_ repository: Repository, prefixes: [String], other: RefName?) async throws -> Freshness {
        guard let path = UpstreamPath(of: repository) else { return .fresh }
        let asked = clock.now()
        var failures = FailureRanking()
        for upstream in try policies.upstreams(of: repository) {
            do {
                let answer = try await upstream.references(of: path, prefixes: prefixes)
                try await note(answer, of: repository, prefixes: prefixes, other: other, asked: asked)
                return .fresh
            } catch let error as HubError {
                failures.note(error)
            }
        }
        let failure = failures.verdict(
            nothing: HubError(.upstreamUnavailable, "No upstream of \(repository.id) is configured."))
        // Here and not by each who waits: one question, one failure.
        if !Task.isCancelled {
            try await store.noteFailure(failure.line, of: repository.key)
            logger.warning(
                "upstream did not give its refs",
                metadata: ["repository": "\(repository.id)", "error": "\(failure)"])
        }
        throw failure
    }

    private func note(
        _ answer: UpstreamRefs, of repository: Repository, prefixes: [String], other: RefName?, asked: Int64
    ) async throws {
        try await store.replaceRefs(
            of: repository.key, by: answer.refs, within: prefixes.filter { $0 != "HEAD" },
            defaultBranch: answer.head?.isBranch == true ? answer.head?.shortName : nil)
        guard let other else {
            outdated.forget(repository.key)
            return try await store.noteChecked(repository.key, asked: asked)
        }
        let mirror = policies.current.mirror(of: repository)
        let isThere = answer.refs.contains { $0.name == other }
        askedOthers.remember(
            true, for: Self.name(other, repository),
            lifetime: (isThere ? mirror?.refLifetime : mirror?.negativeLifetime) ?? .zero)
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
