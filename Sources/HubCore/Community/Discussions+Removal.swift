import SQL

extension Discussions {
    /// Removes a discussion with everything said in it. A pull request stays, for its commits do.
    /// - Parameter repository: opened for `.discuss`.
    /// - Throws: `.forbidden` for somebody else's, `.badRequest` for a pull request, `.notFound`.
    package func remove(_ num: Int64, in repository: Repository) async throws {
        try requireDiscuss(repository)
        let isModerator = try await mayModerate(repository)
        let now = store.clock.now()
        let key = repository.key
        try await store.database.write { connection in
            let discussion = try DiscussionRows.discussion(num, of: key, in: connection)
            guard isModerator || discussion.authorID == repository.principal.user?.id else {
                throw HubError(.forbidden, "You may not remove the discussion \(num) of somebody else.")
            }
            guard !discussion.isPullRequest else {
                throw HubError(.badRequest, "The discussion \(num) is a pull request.", remedy: "Close it instead.")
            }
            for table in ["comment_versions", "discussion_events", "discussion_identifiers", "discussions"] {
                try connection.execute(
                    "DELETE FROM \(table) WHERE repository_id = ? AND num = ?", [.integer(key), .integer(num)])
            }
            try Self.audit("discussion.delete", num, of: repository, at: now, in: connection)
        }
    }
}
