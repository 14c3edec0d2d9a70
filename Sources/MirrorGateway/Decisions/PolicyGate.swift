package import HubCore
package import Policies
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Asks the policy in force before content of a mirror leaves, and turns its answer into words for people.
package final class PolicyGate: ContentGate, Sendable {
    private struct CommitKey: Hashable {
        let repository: Int64
        let commit: CommitID
    }

    private struct TreeKey: Hashable {
        let commit: CommitKey
        /// Rules may be about the branch or tag by which a commit was asked for.
        let revision: String?
        let policy: String
        let user: String?
        /// Of what fact sources say.
        let generations: [Int]
    }

    /// Facts of commits, as many as their file names leave room for.
    private struct KnownFacts {
        var facts: [CommitKey: CommitFacts] = [:]
        var order: [CommitKey] = []
        var files = 0

        mutating func insert(_ known: CommitFacts, for key: CommitKey, limit: Int) {
            guard facts[key] == nil, known.files.count <= limit else { return }
            facts[key] = known
            order.append(key)
            files += known.files.count + 1
            while files > limit, order.count > 1 {
                files -= (facts.removeValue(forKey: order.removeFirst())?.files.count ?? 0) + 1
            }
        }
    }

    let policies: PolicyEngine
    private let metrics: MetricRegistry
    private let facts = Mutex(KnownFacts())
    /// Whole trees that passed: their files are many and the answer does not change with the same policy.
    private let passedTrees = Mutex<Set<TreeKey>>([])
    private static let maximumRemembered = 4_096
    /// File names kept over all commits.
    private static let maximumFiles = 500_000

    private let remote: (any RemoteFactSource)?
    private let absences: AbsenceRegister?
    let sources: [any FactSource]
    let desk: ApprovalDesk?

    /// - Parameters:
    ///   - remote: who knows what upstreams tell beside commits; nil where nobody asks them.
    ///   - absences: what disappeared above, so that it is refused where policy says so.
    ///   - sources: who knows more, asked in this order.
    ///   - desk: makes requests for what is held; nil where nobody decides on them.
    package init(
        policies: PolicyEngine, metrics: MetricRegistry, remote: (any RemoteFactSource)? = nil,
        absences: AbsenceRegister? = nil, sources: [any FactSource] = [],
        desk: ApprovalDesk? = nil
    ) {
        self.policies = policies
        self.metrics = metrics
        self.remote = remote
        self.absences = absences
        self.sources = sources
        self.desk = desk
    }

    package func check(_ request: ContentRequest, contents: @Sendable () async throws -> CommitContents) async throws {
        let repository = request.repository
        guard case .mirror(let origin) = repository.origin else { return }
        let state = policies.current
        guard let mirror = state.mirror(of: repository) else { throw PolicyEngine.orphaned(repository, origin) }
        if let refusal = try await absences?.refusal(of: repository) { throw refusal }
        if !mirror.servesContent, request.scope != .metadata {
            throw HubError(
                .policyDenied,
                "The mirror '\(mirror.name)' (\(mirror.document.location.file)) is in mode 'browse': it shows what there is and serves no content.",
                remedy: "Ask for mode 'proxy'.")
        }
        let known = try await Self.facts(of: request, in: self, contents: contents)
        let decision = state.decide(mirror, try await settledFacts(request, known, mirror, state, contents))
        // A name is held by its commits: those are fetched as far as an approver has to see them, and judged each.
        if request.commit == nil, decision.outcome == .review { return }
        try await enforce(decision, request, known, mirror, state, contents: contents)
        if case .file(path: "", _) = request.scope, let rule = decision.awaitingFile.first {
            // A digest must not open what its path would close.
            throw HubError(
                .policyDenied, "denied by \(rule.explanation)",
                remedy: "Ask for it by a commit that holds the file, as by cloning the repository here.")
        }
        if request.scope == .tree, let commit = request.commit {
            try await checkTree(request, commit: commit, known: known, mirror, state, contents: contents)
        }
    }

    package func servesPrevious(of repository: Repository) -> Bool {
        policies.current.mirror(of: repository)?.document.approvals?.servePrevious ?? false
    }

    /// The decision on one request, for `explain`: nothing is thrown, everything is told.
    /// - Parameter user: for whom; nil for whoever opened the repository.
    /// - Returns: nil when the policy files no longer have the repository's mirror.
    package func explain(
        _ request: ContentRequest, user: String?, contents: @Sendable () async throws -> CommitContents
    ) async throws -> Decision? {
        let state = policies.current
        guard let mirror = state.mirror(of: request.repository) else { return nil }
        let known = try await Self.facts(of: request, in: self, contents: contents)
        var facts = try await facts(request, known, contents)
        if let user { facts.user = user }
        var decision = state.decide(mirror, facts)
        decision.scan = facts.scan
        decision.trace = state.snapshot.trace(mirror: mirror.document, facts: facts)
        return try await explained(decision, request, known, mirror, state, contents: contents)
    }

    /// The facts, after what nothing but a scan holds back was scanned.
    private func settledFacts(
        _ request: ContentRequest, _ known: CommitFacts?, _ mirror: ConnectedMirror, _ state: PolicyState,
        _ contents: @Sendable () async throws -> CommitContents
    ) async throws -> Facts {
        var facts = try await facts(request, known, contents)
        guard facts.scan?.state == .pending, state.decide(mirror, facts).awaitsScan else { return facts }
        for source in sources { try await source.settle(&facts, for: request, contents: contents) }
        return facts
    }

    private func checkTree(
        _ request: ContentRequest, commit: CommitID, known: CommitFacts?, _ mirror: ConnectedMirror,
        _ state: PolicyState,
        contents: @Sendable () async throws -> CommitContents
    ) async throws {
        let key = TreeKey(
            commit: CommitKey(repository: request.repository.key, commit: commit),
            revision: request.revision?.description, policy: state.digest,
            user: request.repository.principal.user?.name, generations: sources.map(\.generation))
        if passedTrees.withLock({ $0.contains(key) }) { return }
        // Git carries every file that is no LFS object; one that may not leave holds back the whole transport.
        for file in try await contents().files where file.lfs == nil {
            var one = ContentRequest(
                repository: request.repository, revision: request.revision, commit: commit,
                scope: .file(path: file.path, size: file.size))
            one.isStored = request.isStored
            let decision = state.decide(mirror, try await settledFacts(one, known, mirror, state, contents))
            try await enforce(decision, one, known, mirror, state, contents: contents)
        }
        passedTrees.withLock { passed in
            if passed.count >= Self.maximumRemembered { passed.removeAll() }
            passed.insert(key)
        }
    }

    /// - Throws: what the decision means, when it does not allow.
    private func enforce(
        _ decision: Decision, _ request: ContentRequest, _ known: CommitFacts?, _ mirror: ConnectedMirror,
        _ state: PolicyState, contents: @Sendable () async throws -> CommitContents
    ) async throws {
        // What only waits for its scan needs nobody's approval yet.
        let refused =
            decision.awaitsScan
            ? HubError(refusing: decision)
            : await refusal(of: decision, request, known, mirror, state, contents: contents)
        guard let error = refused else { return }
        metrics.counter(
            "hub_policy_refusals_total", labels: ["mirror": mirror.name, "outcome": decision.outcome.rawValue], by: 1)
        throw error
    }

    static func facts(
        of request: ContentRequest, in gate: PolicyGate, contents: @Sendable () async throws -> CommitContents
    ) async throws -> CommitFacts? {
        guard let commit = request.commit else { return nil }
        let key = CommitKey(repository: request.repository.key, commit: commit)
        if let known = gate.facts.withLock({ $0.facts[key] }) { return known }
        let read = try await contents()
        let facts = CommitFacts(read, kind: request.repository.id.kind)
        gate.facts.withLock { $0.insert(facts, for: key, limit: maximumFiles) }
        return facts
    }

    /// Rules are written about the upstream's own names.
    private static func upstreamPath(of repository: Repository) -> String {
        if case .mirror(let origin) = repository.origin { origin.path } else { repository.id.path }
    }

    func facts(
        _ request: ContentRequest, _ known: CommitFacts?, _ contents: @Sendable () async throws -> CommitContents
    ) async throws -> Facts {
        var facts = Facts(
            kind: request.repository.id.kind.rawValue, repository: Self.upstreamPath(of: request.repository))
        facts.revision = request.revision?.description
        facts.commit = request.commit?.hex
        facts.user = request.repository.principal.user?.name ?? ""
        if case .file(let path, let size) = request.scope {
            facts.file = path.isEmpty ? nil : path
            facts.fileSize = size
        }
        facts.now = Date(timeIntervalSince1970: Double(policies.now) / 1_000)
        if case .mirror(let origin) = request.repository.origin, let path = UpstreamPath(of: request.repository),
            let description = await remote?.description(of: path, mirror: origin.mirror)
        {
            facts.addStanding(description)
        }
        if let known { facts.add(known) }
        guard request.isStored else { return facts }
        for source in sources { try await source.add(to: &facts, for: request, contents: contents) }
        return facts
    }
}

extension HubError {
    /// The refusal a decision means; nil when it allows.
    init?(refusing decision: Decision) {
        if decision.awaitsScan, let rule = decision.determining.first {
            self.init(
                .scanPending, "Not served yet: \(rule.reason) (\(rule.file):\(rule.line)).",
                remedy: "Try again in a few seconds.", retryAfter: 5)
            return
        }
        switch decision.outcome {
        case .allow: return nil
        case .deny: self.init(.policyDenied, decision.explanation, remedy: decision.remedy.first)
        case .review: self.init(.policyReview, decision.explanation, remedy: decision.remedy.first)
        }
    }
}
