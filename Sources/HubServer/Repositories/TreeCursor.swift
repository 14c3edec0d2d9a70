import HubCore

/// Where the next page of a tree begins. It names the commit, so that a branch that moves between two pages does not
/// tear the listing.
struct TreeCursor: Equatable, Sendable {
    let commit: CommitID
    /// Number of entries before the page.
    let offset: Int

    /// `<commit>.<offset>`
    var text: String { "\(commit.hex).\(offset)" }

    init(commit: CommitID, offset: Int) {
        self.commit = commit
        self.offset = offset
    }

    /// - Throws: `badRequest` for what this hub never handed out.
    init(parsing text: String) throws {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let commit = CommitID(String(parts[0])), let offset = Int(parts[1]), offset > 0 else {
            throw HubError(.badRequest, "The cursor is not one of this hub.", remedy: "Begin with the first page.")
        }
        self.init(commit: commit, offset: offset)
    }
}
