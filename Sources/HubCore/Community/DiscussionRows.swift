import SQL

/// The rows of discussions and their events. Every statement names the repository: a number or an id alone finds
/// nothing (S2).
enum DiscussionRows {
    private static let columns = """
        d.num, d.is_pull_request, d.author_id, d.title, d.status, d.base_ref, d.base_commit, d.merge_commit,
        d.event_count, d.text_bytes, d.created_at, u.name AS author
        """

    /// - Throws: `.notFound`.
    static func discussion(_ num: Int64, of key: Int64, in connection: any Connection) throws -> Discussion {
        let row = try connection.first(
            """
            SELECT \(columns) FROM discussions d LEFT JOIN users u ON u.id = d.author_id
            WHERE d.repository_id = ? AND d.num = ?
            """, [.integer(key), .integer(num)])
        guard let row else { throw HubError(.notFound, "There is no discussion \(num) in this repository.") }
        return try discussion(row)
    }

    static func list(_ query: DiscussionQuery, of key: Int64, in connection: any Connection) throws
        -> (discussions: [Discussion], total: Int64)
    {
        var conditions = ["d.repository_id = ?"]
        var arguments: [Value] = [.integer(key)]
        switch query.kind {
        case .all: break
        case .discussion: conditions.append("d.is_pull_request = 0")
        case .pullRequest: conditions.append("d.is_pull_request = 1")
        }
        switch query.state {
        case .all: break
        case .open: conditions.append("d.status IN ('open', 'draft')")
        case .closed: conditions.append("d.status IN ('closed', 'merged')")
        }
        if let author = query.author {
            conditions.append("u.name_key = ?")
            arguments.append(.text(RepositoryID.key(author)))
        }
        let source = """
            FROM discussions d LEFT JOIN users u ON u.id = d.author_id WHERE \(conditions.joined(separator: " AND "))
            """
        let total = try connection.first("SELECT COUNT(*) AS n \(source)", arguments)?.integer("n") ?? 0
        let rows = try connection.query(
            "SELECT \(columns) \(source) ORDER BY d.num DESC LIMIT ? OFFSET ?",
            arguments + [.integer(Int64(max(0, min(query.limit, 100)))), .integer(Int64(max(0, query.offset)))])
        return (try rows.map(discussion), total)
    }

    /// Gives out the next number. The row is locked until the transaction ends, so that numbers have no gaps.
    static func nextNumber(of key: Int64, in connection: any Connection) throws -> Int64 {
        let updated = try connection.execute(
            "UPDATE discussion_numbers SET last_num = last_num + 1 WHERE repository_id = ?", [.integer(key)])
        if updated == 0 {
            try connection.execute(
                "INSERT INTO discussion_numbers (repository_id, last_num) VALUES (?, 1)", [.integer(key)])
            return 1
        }
        let row = try connection.first(
            "SELECT last_num FROM discussion_numbers WHERE repository_id = ?", [.integer(key)])
        return try row?.integer("last_num") ?? 1
    }

    static func insert(
        _ num: Int64, title: String, status: Discussion.Status, base: (ref: RefName, commit: CommitID)?,
        of repository: Repository, at now: Int64, in connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO discussions (repository_id, num, is_pull_request, author_id, title, status, base_ref,
                base_commit, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(repository.key), .integer(num), Value(base != nil),
                .integer(repository.principal.user?.id ?? 0), .text(title), .text(status.rawValue),
                Value(base?.ref.name), Value(base?.commit.hex), .integer(now), .integer(now),
            ])
    }

    static func setTitle(
        _ title: String, of num: Int64, in key: Int64, at now: Int64, connection: any Connection
    ) throws {
        try connection.execute(
            "UPDATE discussions SET title = ?, updated_at = ? WHERE repository_id = ? AND num = ?",
            [.text(title), .integer(now), .integer(key), .integer(num)])
    }

    static func setStatus(
        _ status: Discussion.Status, of num: Int64, in key: Int64, at now: Int64, connection: any Connection
    ) throws {
        try connection.execute(
            "UPDATE discussions SET status = ?, updated_at = ? WHERE repository_id = ? AND num = ?",
            [.text(status.rawValue), .integer(now), .integer(key), .integer(num)])
    }

    static func noteMerge(
        _ commit: CommitID, onto base: CommitID, of num: Int64, in key: Int64, at now: Int64,
        connection: any Connection
    ) throws {
        try connection.execute(
            """
            UPDATE discussions SET status = 'merged', merge_commit = ?, base_commit = ?, updated_at = ?
            WHERE repository_id = ? AND num = ?
            """, [.text(commit.hex), .text(base.hex), .integer(now), .integer(key), .integer(num)])
    }

    private static func discussion(_ row: Row) throws -> Discussion {
        let num = try row.integer("num")
        guard let status = Discussion.Status(rawValue: try row.text("status")) else {
            throw HubError(.storageCorrupt, "The status of discussion \(num) cannot be read.")
        }
        var pullRequest: PullRequest?
        if try row.boolean("is_pull_request") {
            guard let base = RefName(try row.text("base_ref")), let commit = CommitID(try row.text("base_commit"))
            else {
                throw HubError(.storageCorrupt, "The base of pull request \(num) cannot be read.")
            }
            pullRequest = PullRequest(
                ref: try PullRequest.ref(num), base: base, baseCommit: commit,
                mergeCommit: try row.optionalText("merge_commit").flatMap { CommitID($0) })
        }
        return Discussion(
            num: num, title: try row.text("title"), status: status, author: try row.optionalText("author"),
            authorID: try row.integer("author_id"), pullRequest: pullRequest, createdAt: try row.integer("created_at"),
            eventCount: try row.integer("event_count"), textBytes: try row.integer("text_bytes"))
    }
}
