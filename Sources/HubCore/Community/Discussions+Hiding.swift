extension Discussions {
    /// Hides a comment: from now on only whoever looks after the discussion reads what it says.
    /// - Throws: `.forbidden` for somebody else's, unless the principal may write to the repository; `.notFound`,
    ///   `.badRequest` for what is no comment.
    package func hide(_ id: CommunityID, on num: Int64, in repository: Repository) async throws -> DiscussionEvent {
        try await hide(id, on: num, in: repository, action: "discussion.hide", isForgotten: false)
    }

    /// Hides a comment for good: what it says, and said before, is forgotten.
    /// - Throws: as ``hide(_:on:in:)``.
    package func forget(_ id: CommunityID, on num: Int64, in repository: Repository) async throws -> DiscussionEvent {
        try await hide(id, on: num, in: repository, action: "discussion.forget", isForgotten: true)
    }

    private func hide(
        _ id: CommunityID, on num: Int64, in repository: Repository, action: String, isForgotten: Bool
    ) async throws -> DiscussionEvent {
        try requireDiscuss(repository)
        let isModerator = try await mayModerate(repository)
        return try await rewrite(id, on: num, in: repository, action: action) { event, now, connection in
            guard isModerator || event.authorID == repository.principal.user?.id else {
                throw HubError(.forbidden, "You may not hide the comment \(id) of somebody else.")
            }
            // Who hid it first stays who did: his hiding is not undone by another's.
            if event.hiding == nil {
                try DiscussionEventRows.setHiding(
                    of: event, by: repository.principal.user?.id ?? 0, of: num, in: repository.key, at: now,
                    connection: connection)
            }
            if isForgotten {
                try DiscussionEventRows.forget(event, of: num, in: repository.key, connection: connection)
            }
        }
    }

    /// Shows a hidden comment again.
    /// - Throws: `.forbidden` for who neither may write to the repository nor hid it himself; `.badRequest` for what is
    ///   not hidden, or was forgotten; `.notFound`.
    package func unhide(_ id: CommunityID, on num: Int64, in repository: Repository) async throws -> DiscussionEvent {
        try requireDiscuss(repository)
        let isModerator = try await mayModerate(repository)
        return try await rewrite(id, on: num, in: repository, action: "discussion.unhide") { event, now, connection in
            let user = repository.principal.user?.id
            guard isModerator || event.authorID == user && event.hiding?.authorID == user else {
                throw HubError(.forbidden, "You may not show the comment \(id) that somebody else hid.")
            }
            guard event.hiding != nil else { throw HubError(.badRequest, "The comment \(id) is not hidden.") }
            try DiscussionEventRows.unhide(event, of: num, in: repository.key, at: now, connection: connection)
        }
    }
}
