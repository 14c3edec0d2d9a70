import SQL

/// What a move of `refs/pr/N` means to its pull request: checked and noted wherever refs move.
enum PullRequestRefs {
    /// Lets a pull request's head move while it is open, and notes the commit in its thread.
    ///
    /// Refs other than `refs/pr/...` pass. Its author may move it without a right to the rest of the repository.
    /// - Throws: `.forbidden` for a ref of no pull request, for one that is closed, and for deleting one.
    static func note(
        _ update: RefUpdate, of repository: Repository, subject: String, id: CommunityID, at now: Int64,
        in connection: any Connection
    ) throws {
        guard update.name.name.hasPrefix("refs/pr/") else {
            guard repository.verb != .discuss else {
                throw HubError(.internalError, "\(repository.id) was opened to discuss, not to move \(update.name).")
            }
            return
        }
        guard let num = PullRequest.number(of: update.name), let target = update.target, update.expected != nil else {
            throw HubError(
                .forbidden, "\(update.name) can be neither made nor deleted.", remedy: "Open a pull request instead.")
        }
        let discussion = try DiscussionRows.discussion(num, of: repository.key, in: connection)
        guard discussion.isPullRequest, discussion.status.isOpen else {
            throw HubError(.forbidden, "The pull request \(num) is \(discussion.status.rawValue).")
        }
        guard repository.verb == .contentWrite || discussion.authorID == repository.principal.user?.id else {
            throw HubError(.forbidden, "You may not add commits to the pull request \(num) of somebody else.")
        }
        let line = subject.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        try DiscussionEventRows.append(
            .commit(subject: String(line.prefix(1_000)), id: target.hex), id: id, to: num, of: repository, at: now,
            in: connection)
    }
}
