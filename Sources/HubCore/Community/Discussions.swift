import SQL

/// Discussions and pull requests of repositories: who may say and change what.
///
/// Reading needs a repository opened to read its facts; taking part needs one opened for `.discuss`, which anybody with
/// an account gets who can see it. Titles, states and comments are changed by who wrote them, or by whoever may write to
/// the repository.
package struct Discussions: Sendable {
    let repositories: RepositoryService
    let authorizer: Authorizer

    package init(repositories: RepositoryService, authorizer: Authorizer) {
        self.repositories = repositories
        self.authorizer = authorizer
    }

    var store: RepositoryStore { repositories.store }

    // MARK: Reading

    /// A page of discussions, the newest first, and how many there are in all.
    /// - Parameter repository: opened for `.metaRead`.
    package func list(_ query: DiscussionQuery, of repository: Repository) async throws
        -> (discussions: [Discussion], total: Int64)
    {
        try await repositories.authorizeFacts(of: repository)
        return try await store.database.read { try DiscussionRows.list(query, of: repository.key, in: $0) }
    }

    /// One discussion with everything that happened in it. What hidden comments say is for whoever may hide them.
    /// - Parameter repository: opened for `.metaRead`.
    /// - Throws: `.notFound`.
    package func details(_ num: Int64, of repository: Repository) async throws
        -> (discussion: Discussion, events: [DiscussionEvent])
    {
        try await repositories.authorizeFacts(of: repository)
        let isModerator = try await mayModerate(repository)
        return try await store.database.read { connection in
            (
                try DiscussionRows.discussion(num, of: repository.key, in: connection),
                try DiscussionEventRows.events(
                    of: num, in: repository.key, showingHidden: isModerator, connection: connection)
            )
        }
    }

    // MARK: Taking part

    /// Opens a discussion.
    /// - Parameter repository: opened for `.discuss`.
    package func open(title: String, description: String?, in repository: Repository) async throws -> Discussion {
        try requireDiscuss(repository)
        let title = try CommunityText.title(title)
        let description = try CommunityText.optional(description)
        return try await open(title: title, description: description, status: .open, base: nil, in: repository) {
            _, _ in
        }
    }

    /// Inserts a discussion with its first comment, and whatever else belongs into the same transaction.
    func open(
        title: String, description: String?, status: Discussion.Status, base: (ref: RefName, commit: CommitID)?,
        in repository: Repository,
        alongside body: @escaping @Sendable (Int64, any Connection) throws -> Void
    ) async throws -> Discussion {
        try await requireEnabled(repository)
        let now = store.clock.now()
        let identifiers = store.identifiers
        return try await store.database.write { connection in
            let num = try DiscussionRows.nextNumber(of: repository.key, in: connection)
            try DiscussionRows.insert(
                num, title: title, status: status, base: base, of: repository, at: now, in: connection)
            if let description {
                try DiscussionEventRows.append(
                    .comment(text: description, edits: 0, isHidden: false), id: CommunityID(key: identifiers.next()),
                    to: num, of: repository, at: now, in: connection)
            }
            try body(num, connection)
            try NotificationRows.said(
                description ?? "", in: num, titled: title, of: repository, opensPullRequest: base != nil, at: now,
                identifiers: identifiers, in: connection)
            try Self.audit("discussion.open", num, of: repository, at: now, in: connection)
            let opened = try DiscussionRows.discussion(num, of: repository.key, in: connection)
            try WebhookEvent.discussion(opened, "create", in: repository.id).queue(
                for: repository, at: now, identifiers: identifiers, in: connection)
            return opened
        }
    }

    /// Adds a comment.
    /// - Parameter repository: opened for `.discuss`.
    package func comment(_ text: String, on num: Int64, in repository: Repository) async throws -> DiscussionEvent {
        try requireDiscuss(repository)
        let text = try CommunityText.comment(text)
        try await requireEnabled(repository)
        let now = store.clock.now()
        let identifiers = store.identifiers
        return try await store.database.write { connection in
            let discussion = try DiscussionRows.discussion(num, of: repository.key, in: connection)
            try Self.audit("discussion.comment", num, of: repository, at: now, in: connection)
            let comment = try DiscussionEventRows.append(
                .comment(text: text, edits: 0, isHidden: false), id: CommunityID(key: identifiers.next()), to: num,
                of: repository, at: now, in: connection)
            try NotificationRows.said(
                text, in: num, titled: discussion.title, of: repository, at: now, identifiers: identifiers,
                in: connection)
            try WebhookEvent.discussion(discussion, "create", comment: comment, in: repository.id).queue(
                for: repository, at: now, identifiers: identifiers, in: connection)
            return comment
        }
    }

    /// Replaces the text of a comment of one's own. What it said before stays to be read.
    /// - Throws: `.forbidden` for somebody else's, `.notFound`, `.badRequest` for what is no comment or hidden.
    package func edit(_ id: CommunityID, to text: String, on num: Int64, in repository: Repository) async throws
        -> DiscussionEvent
    {
        try requireDiscuss(repository)
        let text = try CommunityText.comment(text)
        return try await rewrite(id, on: num, in: repository, action: "discussion.edit") { event, now, connection in
            guard event.authorID == repository.principal.user?.id else {
                throw HubError(.forbidden, "You may not change the comment \(id) of somebody else.")
            }
            guard event.hiding == nil else {
                throw HubError(.badRequest, "The comment \(id) is hidden.")
            }
            try DiscussionEventRows.rewrite(
                event, text: text, of: num, in: repository.key, at: now, connection: connection)
        }
    }

    func rewrite(
        _ id: CommunityID, on num: Int64, in repository: Repository, action: String,
        _ change: @escaping @Sendable (DiscussionEvent, Int64, any Connection) throws -> Void
    ) async throws -> DiscussionEvent {
        let isModerator = try await mayModerate(repository)
        let now = store.clock.now()
        let identifiers = store.identifiers
        return try await store.database.write { connection in
            let key = repository.key
            let event = try DiscussionEventRows.event(id, of: num, in: key, connection: connection)
            guard case .comment = event.content else {
                throw HubError(.badRequest, "The event \(id) is no comment.")
            }
            try change(event, now, connection)
            try Self.audit(action, num, of: repository, at: now, in: connection)
            let changed = try DiscussionEventRows.event(
                id, of: num, in: key, showingHidden: isModerator, connection: connection)
            let discussion = try DiscussionRows.discussion(num, of: key, in: connection)
            try WebhookEvent.discussion(discussion, "update", comment: changed, in: repository.id).queue(
                for: repository, at: now, identifiers: identifiers, in: connection)
            return changed
        }
    }

    /// Gives a discussion another title.
    package func rename(_ num: Int64, to title: String, in repository: Repository) async throws -> DiscussionEvent {
        try requireDiscuss(repository)
        let title = try CommunityText.title(title)
        return try await change(num, in: repository, action: "discussion.title") { discussion, now, connection in
            try DiscussionRows.setTitle(title, of: num, in: repository.key, at: now, connection: connection)
            return .title(from: discussion.title, to: title)
        }
    }

    /// Opens a draft or what was closed, or closes what is open.
    /// - Throws: `.badRequest` when it is in that state already or was merged.
    package func setStatus(_ status: Discussion.Status, comment: String?, of num: Int64, in repository: Repository)
        async throws -> DiscussionEvent
    {
        try requireDiscuss(repository)
        guard status == .open || status == .closed else {
            throw HubError(.badRequest, "The status can be set to open or closed.")
        }
        let comment = try CommunityText.optional(comment)
        let id = CommunityID(key: store.identifiers.next())
        return try await change(num, in: repository, action: "discussion.status") { discussion, now, connection in
            guard discussion.status != .merged, discussion.status != status else {
                throw HubError(.badRequest, "The discussion \(num) is \(discussion.status.rawValue).")
            }
            if let comment {
                try DiscussionEventRows.append(
                    .comment(text: comment, edits: 0, isHidden: false), id: id, to: num, of: repository, at: now,
                    in: connection)
            }
            try DiscussionRows.setStatus(status, of: num, in: repository.key, at: now, connection: connection)
            return .status(status)
        }
    }

    private func change(
        _ num: Int64, in repository: Repository, action: String,
        _ body: @escaping @Sendable (Discussion, Int64, any Connection) throws -> DiscussionEvent.Content
    ) async throws -> DiscussionEvent {
        let isModerator = try await mayModerate(repository)
        let now = store.clock.now()
        let identifiers = store.identifiers
        return try await store.database.write { connection in
            let discussion = try DiscussionRows.discussion(num, of: repository.key, in: connection)
            guard isModerator || discussion.authorID == repository.principal.user?.id else {
                throw HubError(.forbidden, "You may not change the discussion \(num) of somebody else.")
            }
            let content = try body(discussion, now, connection)
            try Self.audit(action, num, of: repository, at: now, in: connection)
            let changed = try DiscussionRows.discussion(num, of: repository.key, in: connection)
            try WebhookEvent.discussion(changed, "update", in: repository.id).queue(
                for: repository, at: now, identifiers: identifiers, in: connection)
            return try DiscussionEventRows.append(
                content, id: CommunityID(key: identifiers.next()), to: num, of: repository, at: now, in: connection)
        }
    }

    // MARK: Rights

    private func requireEnabled(_ repository: Repository) async throws {
        guard try await store.setting("discussionsDisabled", of: repository.key) != .boolean(true) else {
            throw HubError(.forbidden, "Discussions are disabled for \(repository.id).")
        }
    }

    func requireDiscuss(_ repository: Repository) throws {
        guard repository.verb == .discuss else {
            throw HubError(
                .internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to discuss.")
        }
    }

    /// Whether the principal may write to the repository, and so look after what others say in it.
    func mayModerate(_ repository: Repository) async throws -> Bool {
        do {
            return try await !authorizer.open(repository.principal, .contentWrite, repository.id).rules.limitsWriting
        } catch let error as HubError where error.status < 500 {
            return false
        }
    }

    static func audit(
        _ action: String, _ num: Int64, of repository: Repository, at now: Int64, in connection: any Connection
    ) throws {
        try AuditLog.append(
            AuditEntry(by: repository.principal, action, "\(repository.id)#\(num)"), at: now, in: connection)
    }
}
