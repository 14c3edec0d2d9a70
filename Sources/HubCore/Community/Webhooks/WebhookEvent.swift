import SQL

/// Something that happened to a repository, as webhooks are told it.
struct WebhookEvent: Sendable {
    let domain: Webhook.Domain
    /// `create`, `update`, `delete` or `move`.
    let action: String
    /// `repo`, `repo.content`, `repo.config`, `discussion` or `discussion.comment`.
    let scope: String
    /// Members of the message besides `event` and `repo`.
    var members: [JSONValue.Member] = []

    static func refs(_ updates: [RefUpdate]) -> WebhookEvent {
        WebhookEvent(
            domain: .repo, action: "update", scope: "repo.content",
            members: [
                .init(
                    key: "updatedRefs",
                    value: .array(
                        updates.prefix(100).map { update in
                            .object([
                                .init(key: "ref", value: .string(update.name.name)),
                                .init(key: "oldSha", value: update.expected.map { .string($0.hex) } ?? .null),
                                .init(key: "newSha", value: update.target.map { .string($0.hex) } ?? .null),
                            ])
                        }))
            ])
    }

    /// Another name, maybe with another owner; the message is about the old one.
    static func move(to id: RepositoryID) -> WebhookEvent {
        WebhookEvent(
            domain: .repo, action: "move", scope: "repo",
            members: [
                .init(
                    key: "movedTo",
                    value: .object([
                        .init(key: "name", value: .string(id.path)),
                        .init(key: "owner", value: .object([.init(key: "id", value: .string(id.namespaceKey))])),
                    ]))
            ])
    }

    /// A setting. Receivers are told the values of those that Hugging Face tells, and of others that something changed.
    static func config(_ name: String, _ value: JSONValue) -> WebhookEvent {
        let isTold = name == "private" || name == "xetEnabled"
        return WebhookEvent(
            domain: .repo, action: "update", scope: "repo.config",
            members: [.init(key: "updatedConfig", value: .object(isTold ? [.init(key: name, value: value)] : []))])
    }

    static func discussion(
        _ discussion: Discussion, _ action: String, comment: DiscussionEvent? = nil, in id: RepositoryID
    ) -> WebhookEvent {
        let place = "\(id.kind == .model ? "" : "/\(id.kind.plural)")/\(id.path)/discussions/\(discussion.num)"
        var members: [JSONValue.Member] = [
            .init(key: "id", value: .string(String(discussion.num))),
            .init(key: "num", value: .integer(discussion.num)),
            .init(key: "title", value: .string(discussion.title)),
            .init(key: "status", value: .string(discussion.status.rawValue)),
            .init(key: "isPullRequest", value: .boolean(discussion.isPullRequest)),
            .init(key: "author", value: .object([.init(key: "id", value: .string(String(discussion.authorID)))])),
            .init(
                key: "url",
                value: .object([
                    .init(key: "web", value: .string(place)),
                    .init(
                        key: "api",
                        value: .string("/api/\(id.kind.plural)/\(id.path)/discussions/\(discussion.num)")),
                ])),
        ]
        if let pull = discussion.pullRequest {
            members.append(
                .init(
                    key: "changes",
                    value: .object([
                        .init(key: "base", value: .string(pull.base.name)),
                        .init(key: "mergeCommitId", value: pull.mergeCommit.map { .string($0.hex) } ?? .null),
                    ])))
        }
        var event = WebhookEvent(
            domain: .discussion, action: action, scope: comment == nil ? "discussion" : "discussion.comment",
            members: [.init(key: "discussion", value: .object(members))])
        if let comment, case .comment(let text, _, let isHidden) = comment.content {
            event.members.append(
                .init(
                    key: "comment",
                    value: .object([
                        .init(key: "id", value: .string(comment.id.description)),
                        .init(
                            key: "author", value: .object([.init(key: "id", value: .string(String(comment.authorID)))])),
                        .init(key: "hidden", value: .boolean(isHidden)),
                        .init(key: "content", value: isHidden ? .null : .string(text)),
                        .init(
                            key: "url", value: .object([.init(key: "web", value: .string("\(place)#\(comment.id)"))])),
                    ])))
        }
        return event
    }

    /// Queues the event for every webhook that watches an opened repository.
    func queue(
        for repository: Repository, at now: Int64, identifiers: IdentifierSource, in connection: any Connection
    ) throws {
        try queue(
            for: repository.id, key: repository.key, isPrivate: repository.isPrivate, at: now,
            identifiers: identifiers, in: connection)
    }

    /// Queues the event for every webhook that watches the repository, in the transaction of the change.
    ///
    /// URLs in the message are paths; who sends it puts the hub's own address in front.
    func queue(
        for id: RepositoryID, key: Int64, isPrivate: Bool, at now: Int64, identifiers: IdentifierSource,
        in connection: any Connection
    ) throws {
        let hooks = try connection.query(
            """
            SELECT DISTINCT h.id, h.domains FROM webhook_watches w JOIN webhooks h ON h.id = w.webhook_id
            WHERE h.is_disabled = 0 AND ((w.type = 'owner' AND w.name_key = ?) OR (w.type = ? AND w.name_key = ?))
            """,
            [.text(id.namespaceKey), .text(id.kind.rawValue), .text("\(id.namespaceKey)/\(id.nameKey)")]
        ).filter { try $0.text("domains").split(separator: ",").contains { $0 == domain.rawValue } }
        guard !hooks.isEmpty else { return }
        let head = try connection.first(
            "SELECT head FROM repositories WHERE id = ?", [.integer(key)])?.optionalText("head")
        let place = "\(id.kind == .model ? "" : "/\(id.kind.plural)")/\(id.path)"
        let message = JSONValue.object(
            [
                .init(
                    key: "event",
                    value: .object([
                        .init(key: "action", value: .string(action)), .init(key: "scope", value: .string(scope)),
                    ])),
                .init(
                    key: "repo",
                    value: .object([
                        .init(key: "type", value: .string(id.kind.rawValue)),
                        .init(key: "name", value: .string(id.path)),
                        .init(key: "id", value: .string(String(key, radix: 16))),
                        .init(key: "private", value: .boolean(isPrivate)),
                        .init(key: "headSha", value: head.map(JSONValue.string) ?? .null),
                        .init(
                            key: "owner", value: .object([.init(key: "id", value: .string(id.namespaceKey))])),
                        .init(
                            key: "url",
                            value: .object([
                                .init(key: "web", value: .string(place)),
                                .init(key: "api", value: .string("/api/\(id.kind.plural)/\(id.path)")),
                            ])),
                    ])),
            ] + members)
        let text = try JSONText.encode(message)
        for hook in hooks {
            try connection.execute(
                """
                INSERT INTO webhook_deliveries (id, webhook_id, repository_key, repository_name, is_public, message,
                    state, attempts, next_at, created_at) VALUES (?, ?, ?, ?, ?, ?, 'waiting', 0, ?, ?)
                """,
                [
                    .integer(identifiers.next()), .integer(try hook.integer("id")), .integer(key),
                    .text(id.description), Value(!isPrivate), .text(text), .integer(now), .integer(now),
                ])
        }
    }
}
