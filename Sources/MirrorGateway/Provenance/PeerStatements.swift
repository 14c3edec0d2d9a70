import HubCore
import Logging

/// What an upstream stated about a commit, as far as it is about exactly that.
struct PeerStatements: Sendable {
    struct Link: Sendable {
        let statement: NewStatement
        /// Whether a key that the mirror trusts signed it.
        let isTrusted: Bool
    }

    let links: [Link]
    /// Where the upstream has them.
    let address: String

    static let none = PeerStatements(links: [], address: "")

    /// How long an upstream may take, so that content never waits for papers.
    private static let patience = Duration.seconds(10)

    /// Asks an upstream for its statements and keeps those about exactly these files.
    ///
    /// One that cannot answer has none for now: they are asked for again where a signature is required.
    static func fetch(
        about commit: CommitID, of repository: UpstreamPath, files: [FileDigest], from upstream: any Upstream,
        trusting keys: [VerifyingKey], logger: Logger
    ) async -> PeerStatements {
        guard let upstream = upstream as? any StatingUpstream else { return .none }
        let envelopes: [[UInt8]]
        do {
            envelopes = try await withTimeout(patience) {
                try await upstream.statements(of: repository, at: commit)
            }
        } catch {
            logger.notice(
                "an upstream's statements could not be fetched",
                metadata: ["upstream": "\(upstream.name)", "commit": "\(commit)", "error": "\(error)"])
            return .none
        }
        let names = [StatementMatch.name(repository.kind, repository.path)]
        var links: [Link] = []
        for json in envelopes {
            do {
                let statement = try NewStatement(envelope: json, source: .upstream(upstream.name))
                let envelope = try DSSEEnvelope(json: statement.envelope)
                let payload = try InTotoStatement(json: envelope.payload)
                let match = StatementMatch(payload, names: names, commit: commit, files: files)
                if case .mismatch(let reason) = match { throw HubError(.upstreamCorrupt, reason) }
                links.append(
                    Link(
                        statement: statement,
                        isTrusted: match == .exact && envelope.signer(among: keys) != nil))
            } catch {
                logger.warning(
                    "a statement of an upstream is left out",
                    metadata: [
                        "upstream": "\(upstream.name)", "repository": "\(repository)", "commit": "\(commit)",
                        "reason": "\(error)",
                    ])
            }
        }
        return PeerStatements(
            links: links, address: upstream.address(ofStatementsAbout: repository, at: commit))
    }

    private static func withTimeout<Result: Sendable>(
        _ patience: Duration, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else {
                throw HubError(.upstreamUnavailable, "It took longer than \(patience).")
            }
            return result
        }
    }
}
