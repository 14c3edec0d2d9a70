package import HubCore
package import Logging
package import Policies
import Synchronization

/// Finds out whether a key that the mirror trusts signed a commit, where policy asks for it, and remembers the answer.
package final class SignatureFacts: FactSource, Sendable {
    private struct Key: Hashable {
        let repository: Int64
        let commit: CommitID
        /// Whose signatures count.
        let trusted: [String]
    }

    private struct Known {
        var answers: [Key: Answer] = [:]
        var generation = 0
    }

    private struct Answer {
        let isSigned: Bool
        /// Milliseconds since 1970.
        let at: Int64
    }

    private let hub: Hub
    private let policies: PolicyEngine
    private let logger: Logger
    private let isOffline: Bool
    private let known = Mutex(Known())
    private let flights = SingleFlight<String, Bool>()

    /// What is not signed is looked at again after so many milliseconds: statements may come later than the content.
    private static let patience: Int64 = 15_000
    private static let maximumRemembered = 8_192
    /// Signature files of one commit that are looked at.
    private static let maximumFiles = 8

    package init(hub: Hub, policies: PolicyEngine, logger: Logger, isOffline: Bool) {
        self.hub = hub
        self.policies = policies
        self.logger = logger
        self.isOffline = isOffline
    }

    package var generation: Int {
        // Keys are read when the policy is, which may happen without a change to its text.
        known.withLock { $0.generation } &+ Int(truncatingIfNeeded: policies.current.loadedAt)
    }

    /// Something new was stated: what was not signed may be now.
    func forget() {
        known.withLock { known in
            known.answers = known.answers.filter { $0.value.isSigned }
            known.generation += 1
        }
    }

    package func add(
        to facts: inout Facts, for request: ContentRequest, contents: @Sendable () async throws -> CommitContents
    ) async throws {
        guard let commit = request.commit, let mirror = policies.current.mirror(of: request.repository),
            mirror.document.provenance?.requiredSignature != nil
        else { return }
        let key = Key(
            repository: request.repository.key, commit: commit, trusted: mirror.keys.trusted.map(\.id).sorted())
        let now = hub.clock.now()
        if let answer = known.withLock({ $0.answers[key] }), answer.isSigned || answer.at > now - Self.patience {
            facts.isSignedByTrustedKey = answer.isSigned
            return
        }
        let repository = request.repository
        let isSigned = try await flights.run("\(key.repository) \(commit.hex) \(key.trusted.joined())") { [self] in
            let digests = try await hub.digests.digests(of: commit, in: repository.key)
            if try await isCovered(commit, of: repository, files: digests, by: mirror.keys.trusted) { return true }
            guard try await bringStatements(about: commit, of: repository, files: digests, mirror) else {
                return false
            }
            return try await isCovered(commit, of: repository, files: digests, by: mirror.keys.trusted)
        }.value
        known.withLock { known in
            if known.answers.count >= Self.maximumRemembered { known.answers.removeAll() }
            // What passed is remembered elsewhere under the generation; only a new yes is news to nobody's harm.
            known.answers[key] = Answer(isSigned: isSigned, at: now)
        }
        facts.isSignedByTrustedKey = isSigned
    }

    private func isCovered(
        _ commit: CommitID, of repository: Repository, files: [FileDigest], by keys: [VerifyingKey]
    ) async throws -> Bool {
        let names = SubjectNames.all(of: repository)
        for stored in try await hub.provenance.statements(of: repository.key, commit: commit) {
            guard let envelope = try? DSSEEnvelope(json: stored.envelope), envelope.signer(among: keys) != nil,
                envelope.payloadType == DSSEEnvelope.inToto,
                let statement = try? InTotoStatement(json: envelope.payload)
            else { continue }
            // That something failed its checks is signed too, and is no reason to take it.
            if statement.predicateType == StatementTypes.verification,
                statement.predicate["verificationResult"]?.string != "PASSED"
            {
                continue
            }
            if StatementMatch(statement, names: names, commit: commit, files: files) == .exact { return true }
        }
        let signatures = files.filter { $0.path.hasSuffix(".sig") && !$0.isLarge && !$0.isSymlink }
            .prefix(Self.maximumFiles)
        for file in signatures {
            let bytes = try await hub.git.blob(
                file.object, in: repository.key, limit: RepositoryService.maximumObjectSize)
            guard let bundle = try? ModelSigningBundle(json: bytes), bundle.envelope.signer(among: keys) != nil else {
                continue
            }
            if bundle.problem(with: files, own: file.path) == nil { return true }
        }
        return false
    }

    /// Asks the upstream again: it may have stated something since the commit came.
    /// - Returns: whether there is something new.
    private func bringStatements(
        about commit: CommitID, of repository: Repository, files: [FileDigest], _ mirror: ConnectedMirror
    ) async throws -> Bool {
        guard !isOffline, mirror.asksUpstream, case .mirror(let origin) = repository.origin,
            let upstream = mirror.upstreams.first(where: { $0.name == origin.upstream })
        else { return false }
        let peer = await PeerStatements.fetch(
            about: commit, of: UpstreamPath(kind: repository.id.kind, path: origin.path), files: files,
            from: upstream, trusting: mirror.keys.trusted, logger: logger)
        guard !peer.links.isEmpty else { return false }
        return try await hub.provenance.add(peer.links.map(\.statement), of: repository.key, commit: commit) > 0
    }
}

/// Under which names statements may speak of a repository.
enum SubjectNames {
    static func all(of repository: Repository) -> [String] {
        var names = [StatementMatch.name(repository.id.kind, repository.id.path)]
        if case .mirror(let origin) = repository.origin {
            names.append(StatementMatch.name(repository.id.kind, origin.path))
        }
        return names
    }
}
