/// One repository at one commit, let in by the authorizer, fresh by its policy and passed by the gate.
package struct Snapshot: Sendable {
    package let repository: Repository
    package let commit: CommitID
    /// What the client asked for.
    package let revision: Revision
    package let freshness: Freshness

    init(repository: Repository, commit: CommitID, revision: Revision, freshness: Freshness) {
        self.repository = repository
        self.commit = commit
        self.revision = revision
        self.freshness = freshness
    }
}

/// A file of a snapshot with the means to read it.
package struct SnapshotFile: Sendable {
    /// Where its bytes are.
    package enum Content: Sendable {
        /// A git blob; small, verified by its object id.
        case object([UInt8])
        /// An LFS blob, stored or still arriving.
        case blob(BlobReader)
    }

    package let entry: TreeEntry
    package let content: Content
}
