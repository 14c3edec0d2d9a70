/// A blob that repositories link, as retention looks at it.
package struct StoredBlob: Sendable, Hashable {
    package let id: BlobID
    package let bytes: Int64
    /// Milliseconds since 1970.
    package let storedAt: Int64
    /// Milliseconds since 1970; never before it was stored.
    package let usedAt: Int64
    /// Keys of the repositories that link it, in order.
    package let repositories: [Int64]
    /// Whether its bytes came by one of them, or one of their upstreams said that it gives them out.
    package let isProved: Bool
    /// Whether it was uploaded here, to be named by a commit or put together from chunks.
    package let isUploaded: Bool

    package init(
        id: BlobID, bytes: Int64, storedAt: Int64, usedAt: Int64, repositories: [Int64], isProved: Bool = true,
        isUploaded: Bool = false
    ) {
        self.id = id
        self.bytes = bytes
        self.storedAt = storedAt
        self.usedAt = usedAt
        self.repositories = repositories
        self.isProved = isProved
        self.isUploaded = isUploaded
    }
}

/// A mirrored repository, as far as it decides whether its upstream can give its content again.
package struct MirroredRepository: Sendable, Hashable {
    package let key: Int64
    package let id: RepositoryID
    package let origin: Repository.Mirror
    /// Whether the last question to its upstream failed: it was not found, refused, or not reached.
    package let hasFailed: Bool
    /// Whether its upstream does not list it any more, or no longer to us.
    package let isGone: Bool
}

/// Why a stored blob stays.
package enum RetentionHold: String, Sendable, CaseIterable {
    /// A repository of this hub has it: nobody else does.
    case local
    /// It was uploaded and nothing names it yet, or it is made of chunks that were uploaded.
    case uploaded
    /// Its upstream may not give it again: it is gone, refuses, does not answer, or is not asked.
    case onlyCopy = "only-copy"
    case pinned
    /// Somebody reads it, or it arrives.
    case inUse = "in-use"
    /// It came or was used a moment ago.
    case young
    /// No policy file says that it may go.
    case unlimited
}
