import Crypto
import HubCore
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

    let git: GitStore
    let store: RepositoryStore
    let clock: WallClock

    /// - Throws: `HubError` when a file cannot be read.
    func record(
        _ commit: CommitID, of repository: Repository, files: [TreeEntry], card: Card, upstream: any Upstream,
        policies: PolicyState
    ) async throws -> ProvenanceRecord {
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
        let digests = try await digests(of: files, in: repository.key)
        let statement = Statement(
            version: 1, repository: repository.id.description, commit: commit.hex, refs: refs,
            upstream: Statement.Source(
                name: upstream.name, type: upstream.type.rawValue,
                url: mirror.document.upstreams.first { $0.name == upstream.name }?.url.description ?? "",
                repository: origin.path),
            acquiredAt: JSONDate.text(milliseconds: clock.now()),
            requestedBy: repository.principal.label, licenses: card.licenses,
            policy: Statement.Policy(
                mirror: mirror.name, digest: policies.digest, decision: decision.outcome.rawValue,
                explanation: decision.explanation),
            files: digests)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(statement)
        return ProvenanceRecord(
            json: String(decoding: json, as: UTF8.self), sha256: Hexadecimal.encode(SHA256.hash(data: json)),
            contents: ContentsDigest.of(digests.map { (path: $0.path, sha256: $0.sha256) }))
    }

    private func digests(of files: [TreeEntry], in key: Int64) async throws -> [Statement.File] {
        var digests: [Statement.File] = []
        digests.reserveCapacity(files.count)
        for file in files {
            let sha256: String
            if let pointer = file.lfs {
                sha256 = pointer.oid.hex
            } else {
                let bytes = try await git.blob(file.id, in: key, limit: RepositoryService.maximumObjectSize)
                sha256 = Hexadecimal.encode(SHA256.hash(data: bytes))
            }
            digests.append(
                Statement.File(
                    path: file.path, size: file.contentSize, sha256: sha256, gitObject: file.id.hex,
                    lfs: file.lfs != nil))
        }
        return digests
    }
}
