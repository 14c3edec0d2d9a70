import Crypto
import HubCore
import Logging
import Policies

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes down how a commit came here: from where, what exactly, when, for whom and by which decision.
struct ProvenanceWriter: Sendable {
    private struct Statement: Encodable {
        struct Source: Encodable {
            let name: String
            let type: String
            let url: String
            let repository: String
        }
        struct Policy: Encodable {
            let mirror: String
            let digest: String
            let decision: String
            let explanation: String
        }
        struct File: Encodable {
            let path: String
            let size: Int64
            let sha256: String
            let gitObject: String
            let lfs: Bool
        }
        let version: Int
        let repository: String
        let commit: String
        let refs: [String]
        let upstream: Source
        let acquiredAt: String
        let requestedBy: String
        let licenses: [String]
        let policy: Policy
        let files: [File]
    }

    /// What is written down about one acquisition.
    struct Outcome: Sendable {
        let record: ProvenanceRecord
        /// Ours, after those of the upstream that it refers to.
        let statements: [NewStatement]
        let digests: [FileDigest]
    }

    let git: GitStore
    let store: RepositoryStore
    let clock: WallClock
    /// Nil where nothing is signed.
    let signer: StatementSigner?
    let logger: Logger

    /// - Throws: `HubError` when a file cannot be read, or the hub's key can be neither read nor made.
    func record(
        _ commit: CommitID, of repository: Repository, files: [TreeEntry], card: Card, upstream: any Upstream,
        policies: PolicyState
    ) async throws -> Outcome {
        guard let mirror = policies.mirror(of: repository), case .mirror(let origin) = repository.origin else {
            throw HubError(.internalError, "\(repository.id) has no mirror to record.")
        }
        // The names under which the upstream showed this commit when it was taken.
        let refs = try await store.refs(of: repository.key).filter { ($0.peeled ?? $0.target) == commit }
            .map(\.name.shortName)
        var facts = Facts(kind: repository.id.kind.rawValue, repository: origin.path)
        facts.commit = commit.hex
        facts.licenses = card.licenses.isEmpty ? .unknown : .declared(card.licenses)
        facts.totalSize = files.totalContentSize
        facts.files = files.map(\.path)
        facts.tags = card.tags(for: repository.id.kind)
        facts.task = card.pipelineTag
        facts.library = card.libraryName
        facts.languages = card.languages
        facts.user = repository.principal.user?.name ?? ""
        let decision = policies.decide(mirror, facts)
        let digests = try await RevisionDigests(store: store, git: git).digests(of: files, in: repository.key)
        let acquiredAt = clock.now()
        let statement = Statement(
            version: 1, repository: repository.id.description, commit: commit.hex, refs: refs,
            upstream: Statement.Source(
                name: upstream.name, type: upstream.type.rawValue,
                url: mirror.document.upstreams.first { $0.name == upstream.name }?.url.description ?? "",
                repository: origin.path),
            acquiredAt: JSONDate.text(milliseconds: acquiredAt),
            requestedBy: repository.principal.label, licenses: card.licenses,
            policy: Statement.Policy(
                mirror: mirror.name, digest: policies.digest, decision: decision.outcome.rawValue,
                explanation: decision.explanation),
            files: digests.map {
                Statement.File(
                    path: $0.path, size: $0.size, sha256: $0.sha256, gitObject: $0.object.hex, lfs: $0.isLarge)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(statement)
        let record = ProvenanceRecord(
            json: String(decoding: json, as: UTF8.self), sha256: Hexadecimal.encode(SHA256.hash(data: json)),
            contents: ContentsDigest.of(digests.map { (path: $0.path, sha256: $0.sha256) }))
        guard let signer, mirror.document.provenance?.recordsStatements != false else {
            return Outcome(record: record, statements: [], digests: digests)
        }
        let path = UpstreamPath(kind: repository.id.kind, path: origin.path)
        let peer = await PeerStatements.fetch(
            about: commit, of: path, files: digests, from: upstream, trusting: mirror.keys.trusted, logger: logger)
        let key = try await signer.key(for: mirror)
        let acquisition = AcquisitionStatement(
            repository: repository.id, commit: commit, files: digests, refs: refs,
            upstream: (upstream.name, upstream.type.rawValue, statement.upstream.url, path),
            policy: (mirror.name, policies.digest, decision.outcome.rawValue, decision.explanation),
            licenses: card.licenses, peer: peer, acquiredAt: acquiredAt)
        let own = try NewStatement(signing: acquisition.statement(by: key.publicKey), with: key)
        return Outcome(record: record, statements: peer.links.map(\.statement) + [own], digests: digests)
    }
}
