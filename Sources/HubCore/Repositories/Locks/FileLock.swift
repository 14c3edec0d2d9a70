/// A path of a repository that one user has reserved (git-lfs's file locking): advice to others, which clients heed.
package struct FileLock: Sendable, Hashable {
    package let id: Int64
    package let path: String
    /// The user's id, and his name as it is now.
    package let user: Int64
    package let owner: String
    /// Milliseconds since 1970.
    package let lockedAt: Int64
}

/// What became of the wish for a lock.
package enum FileLockOutcome: Sendable, Hashable {
    case created(FileLock)
    /// Somebody has it, perhaps the same user.
    case taken(FileLock)
}

/// Which locks a list is to have.
package struct FileLockFilter: Sendable, Hashable {
    package var path: String?
    package var id: Int64?

    package init(path: String? = nil, id: Int64? = nil) {
        self.path = path
        self.id = id
    }
}
