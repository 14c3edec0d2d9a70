package import HubCore

/// A document about a commit that travels with it: a statement, the report of a scan, a bill of materials.
package struct BundleAttachment: Sendable, Hashable {
    /// Its media type, by which other tools know it.
    package let type: String
    package let bytes: [UInt8]

    package init(type: String, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }
}

/// Who has such documents.
package protocol BundleAttachments: Sendable {
    /// In an order that does not change.
    func attachments(of repository: Repository, commit: CommitID) async throws -> [BundleAttachment]
}

/// The record of how a commit came here, which every hub keeps.
struct ProvenanceAttachments: BundleAttachments {
    let store: RepositoryStore

    func attachments(of repository: Repository, commit: CommitID) async throws -> [BundleAttachment] {
        guard let record = try await store.provenance(of: commit, in: repository.key) else { return [] }
        return [BundleAttachment(type: "application/vnd.hub.provenance.v1+json", bytes: Array(record.json.utf8))]
    }
}
