import SQL

/// A repository that others may have heard of by the feed and that is not for them any more: a line of the feed that
/// only another Weir asks for.
package struct FeedRemoval: Sendable {
    package let version: Int64
    package let kind: RepositoryKind
    /// `owner/name`, as it was called.
    package let path: String
    /// Milliseconds since 1970.
    package let removedAt: Int64
}

extension RepositoryStore {
    /// The next place in the feed. Places of what was removed since are not given again: who read up to them would miss
    /// what comes after.
    static func nextFeedVersion(in connection: any Connection) throws -> Int64 {
        let row = try connection.first(
            """
            SELECT COALESCE((SELECT MAX(version) FROM feed), 0) AS changed,
                COALESCE((SELECT MAX(version) FROM feed_removals), 0) AS removed
            """)
        return max(try row?.integer("changed") ?? 0, try row?.integer("removed") ?? 0) + 1
    }

    /// Notes in the feed that a repository is removed, or is not shown any more to those who saw it.
    ///
    /// The place is taken also for one that nobody saw: it may have been the last one of the feed.
    static func appendRemoval(of repository: Repository, now: Int64, in connection: any Connection) throws {
        try connection.execute(
            "INSERT INTO feed_removals (version, kind, path, visibility, removed_at) VALUES (?, ?, ?, ?, ?)",
            [
                .integer(try nextFeedVersion(in: connection)), .text(repository.id.kind.rawValue),
                .text(repository.id.path), .text(repository.visibility.rawValue), .integer(now),
            ])
    }

    /// Notes in the feed that a repository can be seen under its name; nothing for an empty one.
    static func appendAppearance(of key: Int64, now: Int64, in connection: any Connection) throws {
        let row = try connection.first("SELECT head FROM repositories WHERE id = ?", [.integer(key)])
        guard let head = try row?.optionalText("head").flatMap({ CommitID($0) }) else { return }
        try appendToFeed(head, of: key, changeLog: "shown", now: now, in: connection)
    }

    /// Removals after a cursor, oldest first, at most `limit`, of what everybody saw who signed in.
    ///
    /// A token that is for some names only is told of none.
    package func removals(after version: Int64, limit: Int, for principal: Principal) async throws -> [FeedRemoval] {
        guard principal.user != nil, principal.token?.resources == nil else { return [] }
        return try await database.read { connection in
            try connection.query(
                """
                SELECT version, kind, path, removed_at FROM feed_removals
                WHERE version > ? AND visibility <> 'private' AND kind <> 'space' ORDER BY version LIMIT ?
                """, [.integer(version), .integer(Int64(max(0, min(limit, 10_000))))]
            ).compactMap { row in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")) else { return nil }
                return FeedRemoval(
                    version: try row.integer("version"), kind: kind, path: try row.text("path"),
                    removedAt: try row.integer("removed_at"))
            }
        }
    }
}
