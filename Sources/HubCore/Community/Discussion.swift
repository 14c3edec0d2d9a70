/// A thread of comments on a repository; as a pull request it also carries a ref that may be merged.
package struct Discussion: Sendable, Hashable {
    /// Where it stands.
    package enum Status: String, Sendable, CaseIterable {
        /// A pull request whose author still works on it.
        case draft
        case open
        case closed
        case merged

        /// Whether it still goes on.
        package var isOpen: Bool { self == .draft || self == .open }
    }

    /// From 1 in its repository, without gaps; pull requests count along.
    package let num: Int64
    package let title: String
    package let status: Status
    /// Who opened it; nil when the account is gone.
    package let author: String?
    let authorID: Int64
    /// Nil for a discussion that is no pull request.
    package let pullRequest: PullRequest?
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// How many events there are, comments and changes.
    package let eventCount: Int64
    let textBytes: Int64

    package var isPullRequest: Bool { pullRequest != nil }
}

/// What makes a discussion a pull request.
package struct PullRequest: Sendable, Hashable {
    /// The ref its commits are at.
    package let ref: RefName
    /// The branch it is to be merged into.
    package let base: RefName
    /// Where the base stood when it was opened, and for a merged one where it stood before the merge.
    package let baseCommit: CommitID
    /// What merging it made; nil until then.
    package let mergeCommit: CommitID?

    /// `refs/pr/<num>`
    static func ref(_ num: Int64) throws -> RefName {
        guard let name = RefName("refs/pr/\(num)") else {
            throw HubError(.internalError, "refs/pr/\(num) is no ref.")
        }
        return name
    }

    /// The number in `refs/pr/<num>`; nil for any other ref.
    static func number(of ref: RefName) -> Int64? {
        guard ref.name.hasPrefix("refs/pr/") else { return nil }
        return Int64(ref.name.dropFirst("refs/pr/".count)).flatMap { $0 > 0 && ref.name == "refs/pr/\($0)" ? $0 : nil }
    }
}

/// What a comment said before it was changed.
package struct CommentVersion: Sendable, Hashable {
    package let text: String
    /// Who wrote it; nil when the account is gone.
    package let author: String?
    /// Milliseconds since 1970.
    package let writtenAt: Int64
}

/// Who hid a comment.
package struct CommentHiding: Sendable, Hashable {
    let authorID: Int64
    /// Nil when the account is gone.
    package let author: String?
    /// Milliseconds since 1970.
    package let at: Int64
}

/// One thing that happened in a discussion.
package struct DiscussionEvent: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        case comment(text: String, edits: Int64, isHidden: Bool)
        case status(Discussion.Status)
        case commit(subject: String, id: String)
        case title(from: String, to: String)
    }

    package let id: CommunityID
    package let content: Content
    /// Nil when the account is gone.
    package let author: String?
    let authorID: Int64
    /// Milliseconds since 1970.
    package let createdAt: Int64
    package let updatedAt: Int64
    /// Who hid the comment, if somebody did.
    package var hiding: CommentHiding?
    /// What a hidden comment says, for whoever looks after the discussion; nil for everybody else, and when it was
    /// forgotten.
    package var concealed: String?
    /// What the comment said before, oldest first; of a hidden one for whoever looks after the discussion.
    package var history: [CommentVersion] = []
}

/// Which discussions of a repository are listed.
package struct DiscussionQuery: Sendable {
    package enum Kind: String, Sendable { case all, discussion, pullRequest = "pull_request" }
    package enum State: String, Sendable { case all, open, closed }

    package var kind = Kind.all
    /// `open` includes drafts, `closed` what was merged.
    package var state = State.all
    /// A user's name; nil for everybody.
    package var author: String?
    package var offset = 0
    package var limit = 50

    package init() {}
}
