/// One change as the surfaces' protocols speak of it, before its content is in the object database.
package enum CommitOperation: Sendable {
    /// A file in git itself.
    case write(path: GitPath, bytes: [UInt8])
    /// A file in git whose bytes `RepositoryService.stage` has put into the object database already.
    case writeStaged(path: GitPath, file: StagedFile)
    /// A file in the blob store, uploaded before.
    /// - Parameter size: bytes; nil when the protocol does not tell it.
    case writeLarge(path: GitPath, oid: BlobID, size: Int64?)
    /// A file, or a folder with everything in it.
    case delete(path: GitPath)
    /// A file as it stands at a revision of the same repository; nil for the state that is changed.
    case copy(from: GitPath, at: Revision?, to: GitPath)
}

/// A commit that somebody asks for.
package struct CommitDraft: Sendable {
    /// Where it goes: a branch, or the head of a pull request.
    package var ref: RefName
    /// The commit the author saw, whole or its beginning; nil when he does not care.
    package var expectedParent: String?
    package var operations: [CommitOperation]
    /// The first line.
    package var summary: String
    /// What follows it; may be empty.
    package var description: String
    /// What must hold of the state that is changed; asked again whenever others moved the branch meanwhile.
    package var preconditions: [CommitPrecondition] = []
    /// What is set aside for what it brings; nil when nothing is.
    package var hold: QuotaHold?

    package init(
        ref: RefName, expectedParent: String? = nil, operations: [CommitOperation], summary: String,
        description: String = ""
    ) {
        self.ref = ref
        self.expectedParent = expectedParent
        self.operations = operations
        self.summary = summary
        self.description = description
    }

    /// Bytes that git was given for it.
    var contentBytes: Int64 {
        operations.reduce(0) { sum, operation in
            switch operation {
            case .write(_, let bytes): sum + Int64(bytes.count)
            case .writeStaged(_, let file): sum + file.size
            case .writeLarge, .delete, .copy: sum
            }
        }
    }

    var message: String {
        let title = summary.split(whereSeparator: \.isNewline).joined(separator: " ")
        return description.isEmpty ? title : "\(title)\n\n\(description)"
    }
}

/// What a commit did.
package struct CommitOutcome: Sendable, Hashable {
    /// Where the ref stands now.
    package let commit: CommitID
    /// Whether the content was what it had been: no commit was made.
    package let isUnchanged: Bool
}
