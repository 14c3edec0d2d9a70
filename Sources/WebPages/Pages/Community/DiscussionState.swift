/// Where a discussion stands.
package enum DiscussionState: String, Sendable, CaseIterable {
    case draft, open, closed, merged

    func chip(_ t: L10n) -> StateChip {
        switch self {
        case .draft: StateChip(.neutral, icon: "pencil", text: t.discussionDraft)
        case .open: StateChip(.ok, icon: "circle-dot", text: t.discussionOpen)
        case .closed: StateChip(.bad, icon: "ban", text: t.discussionClosed)
        case .merged: StateChip(.info, icon: "git-merge", text: t.discussionMerged)
        }
    }

    var isOpen: Bool { self == .draft || self == .open }
}

/// What lists show of a discussion.
package struct DiscussionSummary: Sendable, Hashable {
    package let number: Int64
    package let title: String
    package let state: DiscussionState
    package let isPullRequest: Bool
    /// Nil when the account is gone.
    package let author: String?
    /// Milliseconds since 1970.
    package let createdAt: Int64
    package let comments: Int64

    package init(
        number: Int64, title: String, state: DiscussionState, isPullRequest: Bool, author: String?, createdAt: Int64,
        comments: Int64
    ) {
        self.number = number
        self.title = title
        self.state = state
        self.isPullRequest = isPullRequest
        self.author = author
        self.createdAt = createdAt
        self.comments = comments
    }
}

/// Who said something.
enum PersonLink {
    static func view(_ name: String?, _ t: L10n) -> HTML {
        guard let name else { return "<span>\(t.accountGone)</span>" }
        return "<a href=\(url: "/\(URLText.component(name))")>\(name)</a>"
    }
}
