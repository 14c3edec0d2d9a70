/// Something that happened and that somebody wants to know.
package struct Notification: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Somebody was named in a discussion.
        case mention
        /// Something was said in a discussion that he takes part in.
        case reply
        /// Somebody proposes a change to one of his repositories.
        case pullRequest = "pull-request"
        /// His request for what policy held was decided.
        case approved, rejected
        /// His request for a gated repository was decided.
        case admitted, refused
    }

    package let id: Int64
    package let kind: Kind
    /// What it is about, by its name now, or as it was called where it is not a repository of this hub.
    package let repository: RepositoryID
    /// Of the discussion or the request; nil for none.
    package let number: Int64?
    /// Of the discussion.
    package let title: String
    /// Who did it.
    package let actor: String
    /// Milliseconds since 1970.
    package let createdAt: Int64
    package let isRead: Bool
}
