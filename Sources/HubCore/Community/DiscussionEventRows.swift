import SQL

/// The rows of what happened in discussions.
enum DiscussionEventRows {
    /// Events and bytes of text of one discussion, so that its page stays one that can be read.
    static let maximumEvents: Int64 = 5_000
    static let maximumTextBytes: Int64 = 8 << 20

    /// How often a comment can be changed.
    static let maximumEdits: Int64 = 1_000

    private static let columns = """
        e.id, e.type, e.author_id, e.content, e.detail, e.edit_count, e.is_hidden, e.hidden_by, e.hidden_at,
        e.created_at, e.updated_at, u.name AS author, h.name AS hider
        """
    private static let source = """
        discussion_events e LEFT JOIN users u ON u.id = e.author_id LEFT JOIN users h ON h.id = e.hidden_by
        """

    /// Every event of a discussion, in the order they happened.
    /// - Parameter showingHidden: whether what hidden comments say is shown too.
    static func events(of num: Int64, in key: Int64, showingHidden: Bool, connection: any Connection) throws
        -> [DiscussionEvent]
    {
        let events = try connection.query(
            """
            SELECT \(columns) FROM \(source)
            WHERE e.repository_id = ? AND e.num = ? ORDER BY e.id LIMIT ?
            """, [.integer(key), .integer(num), .integer(2 * maximumEvents)]
        ).map { try event($0, showingHidden: showingHidden) }
        return try adding(
            connection.query(
                """
                SELECT v.event_id, v.content, v.written_at, u.name AS author
                FROM comment_versions v LEFT JOIN users u ON u.id = v.author_id
                WHERE v.repository_id = ? AND v.num = ? ORDER BY v.event_id, v.version
                """, [.integer(key), .integer(num)]), to: events, showingHidden: showingHidden)
    }

    /// Gives events what they said before, where that may be shown.
    private static func adding(_ rows: [Row], to events: [DiscussionEvent], showingHidden: Bool) throws
        -> [DiscussionEvent]
    {
        guard !rows.isEmpty else { return events }
        var versions: [Int64: [CommentVersion]] = [:]
        for row in rows {
            versions[try row.integer("event_id"), default: []].append(
                CommentVersion(
                    text: try row.text("content"), author: try row.optionalText("author"),
                    writtenAt: try row.integer("written_at")))
        }
        return events.map { event in
            guard event.hiding == nil || showingHidden else { return event }
            var event = event
            event.history = versions[event.id.key] ?? []
            return event
        }
    }

    /// - Throws: `.notFound` for an id of another discussion or repository, too.
    static func event(
        _ id: CommunityID, of num: Int64, in key: Int64, showingHidden: Bool = false, connection: any Connection
    ) throws -> DiscussionEvent {
        let row = try connection.first(
            "SELECT \(columns) FROM \(source) WHERE e.repository_id = ? AND e.num = ? AND e.id = ?",
            [.integer(key), .integer(num), .integer(id.key)])
        guard let row else { throw HubError(.notFound, "There is no comment \(id) in discussion \(num).") }
        let versions = try connection.query(
            """
            SELECT v.event_id, v.content, v.written_at, u.name AS author
            FROM comment_versions v LEFT JOIN users u ON u.id = v.author_id
            WHERE v.repository_id = ? AND v.event_id = ? ORDER BY v.version
            """, [.integer(key), .integer(id.key)])
        let found = try adding(
            versions, to: [try event(row, showingHidden: showingHidden)], showingHidden: showingHidden)
        guard let event = found.first else { throw HubError(.internalError, "The comment \(id) went away.") }
        return event
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

    /// Replaces a comment's text, and keeps the old one with it.
    /// - Throws: `.forbidden` when the discussion is full or the comment was changed too often.
    static func rewrite(
        _ event: DiscussionEvent, text: String, of num: Int64, in key: Int64, at now: Int64, connection: any Connection
    ) throws {
        guard case .comment(let old, let edits, _) = event.content else {
            throw HubError(.badRequest, "The event \(event.id) is no comment.")
        }
        guard edits < maximumEdits else {
            throw HubError(.forbidden, "The comment \(event.id) was changed \(edits) times, which is the most.")
        }
        // The old text stays, so the new one comes on top of it.
        let more = Int64(text.utf8.count)
        let counted = try connection.execute(
            "UPDATE discussions SET text_bytes = text_bytes + ? WHERE repository_id = ? AND num = ? AND text_bytes + ? <= ?",
            [.integer(more), .integer(key), .integer(num), .integer(more), .integer(maximumTextBytes)])
        guard counted == 1 else {
            throw HubError(.forbidden, "This discussion is full.", remedy: "Open another one.")
        }
        try connection.execute(
            """
            INSERT INTO comment_versions (repository_id, event_id, version, num, author_id, content, written_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(key), .integer(event.id.key), .integer(edits), .integer(num), .integer(event.authorID),
                .text(old), .integer(event.updatedAt),
            ])
        try connection.execute(
            """
            UPDATE discussion_events SET content = ?, edit_count = edit_count + 1, updated_at = ?
            WHERE repository_id = ? AND num = ? AND id = ?
            """, [.text(text), .integer(now), .integer(key), .integer(num), .integer(event.id.key)])
    }

    /// Hides a comment.
    static func setHiding(
        of event: DiscussionEvent, by user: Int64, of num: Int64, in key: Int64, at now: Int64,
        connection: any Connection
    ) throws {
        try connection.execute(
            """
            UPDATE discussion_events SET is_hidden = 1, hidden_by = ?, hidden_at = ?
            WHERE repository_id = ? AND num = ? AND id = ?
            """, [.integer(user), .integer(now), .integer(key), .integer(num), .integer(event.id.key)])
    }

    /// Shows a comment again.
    /// - Throws: `.badRequest` for one whose text is gone.
    static func unhide(
        _ event: DiscussionEvent, of num: Int64, in key: Int64, at now: Int64, connection: any Connection
    ) throws {
        let shown = try connection.execute(
            """
            UPDATE discussion_events SET is_hidden = 0, hidden_by = NULL, hidden_at = NULL
            WHERE repository_id = ? AND num = ? AND id = ? AND content <> ''
            """, [.integer(key), .integer(num), .integer(event.id.key)])
        guard shown == 1 else {
            throw HubError(.badRequest, "The comment \(event.id) was removed for good.")
        }
    }

    /// Removes what a comment says and said.
    static func forget(_ event: DiscussionEvent, of num: Int64, in key: Int64, connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM comment_versions WHERE repository_id = ? AND event_id = ?",
            [.integer(key), .integer(event.id.key)])
        try connection.execute(
            "UPDATE discussion_events SET content = '' WHERE repository_id = ? AND num = ? AND id = ?",
            [.integer(key), .integer(num), .integer(event.id.key)])
    }

    private static func fields(of content: DiscussionEvent.Content) -> (type: String, text: String, detail: String?) {
        switch content {
        case .comment(let text, _, _): ("comment", text, nil)
        case .status(let status): ("status-change", status.rawValue, nil)
        case .commit(let subject, let id): ("commit", subject, id)
        case .title(let from, let to): ("title-change", to, from)
        }
    }

    private static func event(_ row: Row, showingHidden: Bool) throws -> DiscussionEvent {
        let text = try row.text("content")
        let isHidden = try row.boolean("is_hidden")
        let content: DiscussionEvent.Content
        switch try row.text("type") {
        case "status-change": content = .status(Discussion.Status(rawValue: text) ?? .open)
        case "commit": content = .commit(subject: text, id: try row.optionalText("detail") ?? "")
        case "title-change": content = .title(from: try row.optionalText("detail") ?? "", to: text)
        default:
            // What is hidden leaves here as what it is for most, whoever renders it.
            content = .comment(text: isHidden ? "" : text, edits: try row.integer("edit_count"), isHidden: isHidden)
        }
        var event = DiscussionEvent(
            id: CommunityID(key: try row.integer("id")), content: content, author: try row.optionalText("author"),
            authorID: try row.integer("author_id"), createdAt: try row.integer("created_at"),
            updatedAt: try row.integer("updated_at"))
        if isHidden {
            event.hiding = CommentHiding(
                authorID: try row.optionalInteger("hidden_by") ?? 0, author: try row.optionalText("hider"),
                at: try row.optionalInteger("hidden_at") ?? event.updatedAt)
            if showingHidden, !text.isEmpty { event.concealed = text }
        }
        return event
    }
}
