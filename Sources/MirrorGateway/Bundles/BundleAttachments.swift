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

/// How a commit came here, the statements about it and what was made of it: the record that every hub keeps, envelopes
/// as they were signed, bills of materials.
struct ProvenanceAttachments: BundleAttachments {
    let store: RepositoryStore
    let provenance: ProvenanceStore

    func attachments(of repository: Repository, commit: CommitID) async throws -> [BundleAttachment] {
        var found: [BundleAttachment] = []
        if let record = try await store.provenance(of: commit, in: repository.key) {
            found.append(
                BundleAttachment(type: "application/vnd.hub.provenance.v1+json", bytes: Array(record.json.utf8)))
        }
        for statement in try await provenance.statements(of: repository.key, commit: commit) {
            found.append(BundleAttachment(type: "application/vnd.dsse.envelope.v1+json", bytes: statement.envelope))
        }
        for attachment in try await provenance.attachments(of: repository.key, commit: commit) {
            let type =
                switch attachment.kind {
                case .oms: "application/vnd.dev.sigstore.bundle.v0.3+json"
                case .cycloneDX: "application/vnd.cyclonedx+json; version=1.6"
                case .croissant: "application/ld+json"
                }
            found.append(BundleAttachment(type: type, bytes: attachment.content))
        }
        return found
    }
}
