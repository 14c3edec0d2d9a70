/// A repository of an upstream as the catalogue knows it.
package struct RemoteEntry: Sendable, Hashable {
    /// Whether it is still there.
    package enum State: String, Sendable, Hashable, CaseIterable {
        case present
        /// It was there, and the upstream does not have it any more.
        case gone
        /// It is there and not for us: it became private, or its terms were not accepted.
        case restricted
    }

    package let id: Int64
    /// Name of the mirror file, and of the upstream in it.
    package let mirror: String
    package let upstream: String
    package let state: State
    /// Why it is gone or restricted, in the upstream's words.
    package let stateReason: String?
    /// Milliseconds since 1970 since when it is in this state, as far as we saw.
    package let stateSince: Int64
    /// Only the name is sure where `describedAt` is nil.
    package let description: RemoteDescription
    /// Milliseconds since 1970 when the upstream last told of it.
    package let seenAt: Int64
    /// Milliseconds since 1970 when it was last described; nil when only its name is known yet.
    package let describedAt: Int64?
    /// What is here of it; nil for nothing.
    package let local: LocalCopy?

    package var kind: RepositoryKind { description.kind }
    /// `owner/name` as the upstream spells it.
    package var path: String { description.path }
}

/// What is here of a repository that lives in an upstream.
package struct LocalCopy: Sendable, Hashable {
    package let key: Int64
    /// Its name here.
    package let repository: RepositoryID
    /// The commit of its default branch as it is known here.
    package let head: CommitID?
    /// Whether anything was fetched of it.
    package let hasContent: Bool
    /// Milliseconds since 1970 of the last comparison with the upstream; nil for none.
    package let checkedAt: Int64?
    /// Milliseconds since 1970 since when the upstream has something newer; nil when nothing newer is known.
    package let behindSince: Int64?
    /// How many changes the upstream told of since then, where it tells of each.
    package let changesBehind: Int64?
    /// The upstream's commit where it is known and newer.
    package let newerCommit: CommitID?
    /// Whether a job is bringing it now.
    package var isSyncing = false

    package var isBehind: Bool { behindSince != nil }

    package init(
        key: Int64, repository: RepositoryID, head: CommitID?, hasContent: Bool, checkedAt: Int64?,
        behindSince: Int64?, changesBehind: Int64?, newerCommit: CommitID?
    ) {
        self.key = key
        self.repository = repository
        self.head = head
        self.hasContent = hasContent
        self.checkedAt = checkedAt
        self.behindSince = behindSince
        self.changesBehind = changesBehind
        self.newerCommit = newerCommit
    }
}
