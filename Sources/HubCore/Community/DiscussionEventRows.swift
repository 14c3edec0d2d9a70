import SQL

/// The rows of what happened in discussions.
enum DiscussionEventRows {
    /// Events and bytes of text of one discussion, so that its page stays one that can be read.
    static let maximumEvents: Int64 = 5_000
    static let maximumTextBytes: Int64 = 8 << 20

    private static let columns =
        "e.id, e.type, e.author_id, e.content, e.detail, e.edit_count, e.is_hidden, e.created_at, e.updated_at, u.name AS author"

    /// Every event of a discussion, in the order they happened.
    static func events(of num: Int64, in key: Int64, connection: any Connection) throws -> [DiscussionEvent] {
        try connection.query(
            """
            SELECT \(columns) FROM discussion_events e LEFT JOIN users u ON u.id = e.author_id
            WHERE e.repository_id = ? AND e.num = ? ORDER BY e.id LIMIT ?
            """, [.integer(key), .integer(num), .integer(2 * maximumEvents)]
        ).map(event)
    }

    /// - Throws: `.notFound` for an id of another discussion or repository, too.
    static func event(_ id: CommunityID, of num: Int64, in key: Int64, connection: any Connection) throws
        -> DiscussionEvent
    {
        let row = try connection.first(
            """
            SELECT \(columns) FROM discussion_events e LEFT JOIN users u ON u.id = e.author_id
            WHERE e.repository_id = ? AND e.num = ? AND e.id = ?
            """, [.integer(key), .integer(num), .integer(id.key)])
        guard let row else { throw HubError(.notFound, "There is no comment \(id) in discussion \(num).") }
        return try event(row)
    }

    /// Appends an event.
    /// - Throws: `.forbidden` for a comment in a discussion that is full; changes of state always find room.
    @discardableResult
    static func append(
        _ content: DiscussionEvent.Content, id: CommunityID, to num: Int64, of repository: Repository, at now: Int64,
        in connection: any Connection
    ) throws -> DiscussionEvent {
        let (type, text, detail) = fields(of: content)
        let bytes = Int64(text.utf8.count)
        let counted = try connection.execute(
            """
            UPDATE discussions SET event_count = event_count + 1, text_bytes = text_bytes + ?, updated_at = ?
            WHERE repository_id = ? AND num = ? AND (? <> 'comment' OR (event_count < ? AND text_bytes + ? <= ?))
            """,
            [
                .integer(bytes), .integer(now), .integer(repository.key), .integer(num), .text(type),
                .integer(maximumEvents), .integer(bytes), .integer(maximumTextBytes),
            ])
        guard counted == 1 else {
            throw HubError(.forbidden, "This discussion is full.", remedy: "Open another one.")
        }
        let authorID = repository.principal.user?.id ?? 0
        try connection.execute(
            """
            INSERT INTO discussion_events (repository_id, id, num, type, author_id, content, detail, created_at,
                updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(repository.key), .integer(id.key), .integer(num), .text(type), .integer(authorID), .text(text),
                Value(detail), .integer(now), .integer(now),
            ])
        return DiscussionEvent(
            id: id, content: content, author: repository.principal.user?.name, authorID: authorID, createdAt: now,
            updatedAt: now)
    }

    /// Replaces a comment's text; a hidden one is forgotten for good.
    static func rewrite(
        _ event: DiscussionEvent, text: String, isHidden: Bool, of num: Int64, in key: Int64, at now: Int64,
        connection: any Connection
    ) throws {
        guard case .comment(let old, _, _) = event.content else {
            throw HubError(.badRequest, "The event \(event.id) is no comment.")
        }
        let more = Int64(text.utf8.count - old.utf8.count)
        let counted = try connection.execute(
            """
            UPDATE discussions SET text_bytes = text_bytes + ?
            WHERE repository_id = ? AND num = ? AND (? <= 0 OR text_bytes + ? <= ?)
            """,
            [
                .integer(more), .integer(key), .integer(num), .integer(more), .integer(more),
                .integer(maximumTextBytes),
            ])
        guard counted == 1 else {
            throw HubError(.forbidden, "This discussion is full.", remedy: "Open another one.")
        }
        try connection.execute(
            """
            UPDATE discussion_events SET content = ?, is_hidden = ?, edit_count = edit_count + 1, updated_at = ?
            WHERE repository_id = ? AND num = ? AND id = ?
            """,
            [.text(text), Value(isHidden), .integer(now), .integer(key), .integer(num), .integer(event.id.key)])
    }

    private static func fields(of content: DiscussionEvent.Content) -> (type: String, text: String, detail: String?) {
        switch content {
        case .comment(let text, _, _): ("comment", text, nil)
        case .status(let status): ("status-change", status.rawValue, nil)
        case .commit(let subject, let id): ("commit", subject, id)
        case .title(let from, let to): ("title-change", to, from)
        }
    }

    private static func event(_ row: Row) throws -> DiscussionEvent {
        let text = try row.text("content")
        let content: DiscussionEvent.Content
        switch try row.text("type") {
        case "status-change": content = .status(Discussion.Status(rawValue: text) ?? .open)
        case "commit": content = .commit(subject: text, id: try row.optionalText("detail") ?? "")
        case "title-change": content = .title(from: try row.optionalText("detail") ?? "", to: text)
        default:
            content = .comment(
                text: text, edits: try row.integer("edit_count"), isHidden: try row.boolean("is_hidden"))
        }
        return DiscussionEvent(
            id: CommunityID(key: try row.integer("id")), content: content, author: try row.optionalText("author"),
            authorID: try row.integer("author_id"), createdAt: try row.integer("created_at"),
            updatedAt: try row.integer("updated_at"))
    }
}
