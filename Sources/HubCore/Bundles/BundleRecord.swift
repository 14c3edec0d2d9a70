/// A bundle that went out or came in, as its history is kept.
package struct BundleRecord: Sendable, Hashable {
    package enum Direction: String, Sendable, Hashable, CaseIterable {
        case outgoing = "out"
        case incoming = "in"
    }

    /// Whether all of it was published.
    package enum State: String, Sendable, Hashable, CaseIterable {
        case complete
        /// The importer's policy left something out: the same bundle may come again.
        case partial
    }

    /// What became of one repository of it.
    package struct Repository: Sendable, Hashable {
        package let id: RepositoryID
        /// The newest commit of its default branch in the bundle.
        package let commit: String
        /// `published`, `unchanged` or `refused`; `exported` for what went out.
        package let outcome: String
        /// Why it was refused.
        package let reason: String?

        package init(id: RepositoryID, commit: String, outcome: String, reason: String? = nil) {
            self.id = id
            self.commit = commit
            self.outcome = outcome
            self.reason = reason
        }
    }

    /// SHA-256 in hex over its table of contents.
    package let bundleID: String
    package let direction: Direction
    /// Grows with each bundle of one exporter.
    package let sequence: Int64
    /// Id of the key that signed it.
    package let keyID: String
    package let recipient: String?
    /// Milliseconds since 1970, by the exporter.
    package let madeAt: Int64
    /// Milliseconds since 1970 when it was written or imported here.
    package let handledAt: Int64
    /// Who did that, as the audit log names people.
    package let handledBy: String
    /// Bytes of all its files.
    package let bytes: Int64
    package let state: State
    /// Where it was; nil when that is not known.
    package let file: String?
    /// The signed payload.
    package let statement: String

    package init(
        bundleID: String, direction: Direction, sequence: Int64, keyID: String, recipient: String?, madeAt: Int64,
        handledAt: Int64, handledBy: String, bytes: Int64, state: State, file: String?, statement: String
    ) {
        self.bundleID = bundleID
        self.direction = direction
        self.sequence = sequence
        self.keyID = keyID
        self.recipient = recipient
        self.madeAt = madeAt
        self.handledAt = handledAt
        self.handledBy = handledBy
        self.bytes = bytes
        self.state = state
        self.file = file
        self.statement = statement
    }
}
