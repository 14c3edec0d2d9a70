package import SQL

/// What upstreams have, as they tell it: written by whoever looks through them, read by searches and by the planner of
/// synchronisation.
package struct RemoteCatalogue: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource
    let counts = FacetMemory()

    package init(database: any Database, clock: WallClock, identifiers: IdentifierSource) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// One repository of an upstream, by its name there, in any case; nil when the upstream never told of it.
    package func entry(mirror: String, upstream: String, kind: RepositoryKind, path: String) async throws
        -> RemoteEntry?
    {
        try await database.read { connection in
            try connection.first(
                "\(Self.selection) WHERE s.mirror = ? AND s.upstream = ? AND e.kind = ? AND e.path_key = ?",
                [.text(mirror), .text(upstream), .text(kind.rawValue), .text(Self.key(path))]
            ).map(Self.entry)
        }
    }

    /// The same for somebody; nil as well where he may not know of it.
    package func entry(
        mirror: String, upstream: String, kind: RepositoryKind, path: String, for principal: Principal
    ) async throws -> RemoteEntry? {
        var arguments: [Value] = []
        let visible = Self.visibility(for: principal, now: clock.now(), arguments: &arguments)
        let bound = arguments
        return try await database.read { connection in
            try connection.first(
                """
                \(Self.selection) WHERE s.mirror = ? AND s.upstream = ? AND e.kind = ? AND e.path_key = ?
                AND \(visible)
                """,
                [.text(mirror), .text(upstream), .text(kind.rawValue), .text(Self.key(path))] + bound
            ).map(Self.entry)
        }
    }

    /// The repositories of a mirror's upstreams in the order of their ids, at most `limit` (no more than 1 000).
    /// - Parameters:
    ///   - upstream: nil for every upstream of the mirror.
    ///   - kind: nil for every kind.
    ///   - id: of the last entry that was read; nil for the first.
    package func entries(
        ofMirror mirror: String, upstream: String? = nil, kind: RepositoryKind? = nil, after id: Int64? = nil,
        limit: Int
    ) async throws -> [RemoteEntry] {
        var conditions = ["s.mirror = ?"]
        var arguments: [Value] = [.text(mirror)]
        if let upstream {
            conditions.append("s.upstream = ?")
            arguments.append(.text(upstream))
        }
        if let kind {
            conditions.append("e.kind = ?")
            arguments.append(.text(kind.rawValue))
        }
        if let id {
            conditions.append("e.id > ?")
            arguments.append(.integer(id))
        }
        let statement =
            "\(Self.selection) WHERE \(conditions.joined(separator: " AND ")) ORDER BY e.id LIMIT ?"
        let bound = arguments + [.integer(Int64(max(0, min(limit, 1_000))))]
        return try await database.read { try $0.query(statement, bound).map(Self.entry) }
    }

    /// How two spellings of a name are told to be one.
    static func key(_ path: String) -> String { path.lowercased() }

    // MARK: Rows

    static let columns = """
        e.id, s.mirror, s.upstream, e.kind, e.path, e.state, e.state_reason, e.state_since, e.description, e.seen_at,
        e.described_at, e.downloads, e.likes, e.size, e.parameters, e.created_at, e.updated_at, e.commit_id,
        r.id AS local_key, r.namespace AS local_namespace, r.name AS local_name, r.head AS local_head,
        ms.checked_at, ms.changed_at,
        EXISTS (SELECT 1 FROM acquired_commits ac WHERE ac.repository_id = r.id) AS has_content,
        EXISTS (SELECT 1 FROM acquired_commits ah WHERE ah.repository_id = r.id AND ah.commit_id = r.head) AS has_head,
        (SELECT COUNT(*) FROM remote_changes rc WHERE rc.remote_id = e.id AND rc.seen_at > COALESCE(ms.checked_at, 0))
            AS changes,
        (SELECT MIN(rm.seen_at) FROM remote_changes rm WHERE rm.remote_id = e.id
            AND rm.seen_at > COALESCE(ms.checked_at, 0)) AS first_change
        """

    /// What is here of an entry is found by the upstream's name that it was registered with.
    static let joins = """
        JOIN catalogue_sources s ON s.id = e.source_id
        LEFT JOIN repositories r ON r.mirror = s.mirror AND r.upstream = s.upstream AND r.kind = e.kind
            AND r.upstream_key = e.path_key
        LEFT JOIN mirror_states ms ON ms.repository_id = r.id
        """

    static let selection = "SELECT \(columns) FROM remote_repositories e \(joins)"

    /// When the upstream is known to have something newer than what is here: it told of a change, its commit is another
    /// than the one known here, or what is known here was not fetched while something older was.
    static let behind = """
        (ms.changed_at IS NOT NULL
            OR (e.commit_id IS NOT NULL AND r.head IS NOT NULL AND e.commit_id <> r.head
                AND e.described_at > COALESCE(ms.checked_at, 0))
            OR (r.head IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM acquired_commits bh WHERE bh.repository_id = r.id
                    AND bh.commit_id = r.head)
                AND EXISTS (SELECT 1 FROM acquired_commits bc WHERE bc.repository_id = r.id)))
        """

    static func entry(_ row: Row) throws -> RemoteEntry {
        guard let kind = RepositoryKind(rawValue: try row.text("kind")),
            let state = RemoteEntry.State(rawValue: try row.text("state"))
        else {
            throw HubError(.storageCorrupt, "The row of the remote repository \(try row.integer("id")) cannot be read.")
        }
        let description = RemoteDescription(
            kind: kind, path: try row.text("path"), json: JSONText.decode(try row.text("description")) ?? .null)
        return RemoteEntry(
            id: try row.integer("id"), mirror: try row.text("mirror"), upstream: try row.text("upstream"), state: state,
            stateReason: try row.optionalText("state_reason"), stateSince: try row.integer("state_since"),
            description: description, seenAt: try row.integer("seen_at"),
            describedAt: try row.optionalInteger("described_at"), local: try local(row, kind, description))
    }

    private static func local(_ row: Row, _ kind: RepositoryKind, _ remote: RemoteDescription) throws -> LocalCopy? {
        guard let key = try row.optionalInteger("local_key"),
            let id = RepositoryID(
                kind: kind, namespace: try row.text("local_namespace"), name: try row.text("local_name"))
        else { return nil }
        let head = try row.optionalText("local_head").flatMap { CommitID($0) }
        let checkedAt = try row.optionalInteger("checked_at")
        let hasContent = try row.boolean("has_content")
        let describedAt = try row.optionalInteger("described_at")
        var since = try row.optionalInteger("changed_at")
        if let latest = since { since = try row.optionalInteger("first_change").map { min($0, latest) } ?? latest }
        var newer: CommitID?
        if let commit = remote.commit, let head, commit != head, let describedAt, describedAt > checkedAt ?? 0 {
            newer = commit
            since = since ?? describedAt
        }
        if since == nil, hasContent, head != nil, try !row.boolean("has_head") {
            newer = head
            since = checkedAt
        }
        let changes = try row.integer("changes")
        return LocalCopy(
            key: key, repository: id, head: head, hasContent: hasContent, checkedAt: checkedAt, behindSince: since,
            changesBehind: since == nil || changes == 0 ? nil : changes, newerCommit: newer)
    }

    /// Which entries somebody may know of, in SQL over `e` and `r`.
    ///
    /// What is here is for those who may discover it here. What is not here is told to everybody who signed in: also
    /// what only the operator's credentials show, as it would be once it was fetched (S17). A token that is for some
    /// names only tells of what is here under those.
    static func visibility(for principal: Principal, now: Int64, arguments: inout [Value]) -> String {
        guard principal.user != nil else { return "1 = 0" }
        let discover = RepositoryStore.visibilityCondition(for: principal, now: now, arguments: &arguments)
        guard principal.token?.resources == nil else { return "(r.id IS NOT NULL AND \(discover))" }
        return "(r.id IS NULL OR \(discover))"
    }
}
