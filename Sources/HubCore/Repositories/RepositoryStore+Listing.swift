import SQL

/// What a list of repositories is narrowed to.
package struct RepositoryQuery: Sendable {
    package enum Order: String, Sendable, CaseIterable {
        case lastModified = "updated_at"
        case createdAt = "created_at"
        case downloads
        case likes
        /// What fits the words best comes first, names before texts. Without words, as `lastModified`.
        case relevance
    }

    /// Where a repository's truth lives.
    package enum Origin: Sendable {
        case local
        /// In one of these upstreams, by the names of its mirror file.
        case upstreams([(mirror: String, upstream: String)])
    }

    package var kind: RepositoryKind
    /// Words that each must occur in the path, or begin a word of the tags, the description or the README.
    package var search: [String] = []
    /// Owner namespace.
    package var author: String?
    /// Tags that each must be present, as in `license:mit`.
    package var tags: [String] = []
    /// Nil for wherever it comes from.
    package var origin: Origin?
    /// Whether a gate stands in front of the content; nil for either.
    package var isGated: Bool?
    package var order: Order = .lastModified
    /// Whether the smallest or oldest come first; what fits best does always.
    package var isAscending = false
    /// At most 1 000 are returned.
    package var limit: Int = 100
    /// Number of matches to skip.
    package var offset: Int = 0

    package init(kind: RepositoryKind) { self.kind = kind }
}

/// A repository as lists show it.
package struct RepositorySummary: Sendable {
    package let repository: Repository
    /// Commit of the default branch; nil for an empty repository.
    package let head: CommitID?
    package let card: JSONValue?
    package let tags: [String]
}

/// One row of the change feed (wire/csghub.md §4.3).
package struct FeedEntry: Sendable {
    package let version: Int64
    package let repository: Repository
    package let changeLog: String
    /// Milliseconds since 1970.
    package let createdAt: Int64
}

extension RepositoryStore {
    /// The repositories a principal may discover, in the asked order, with the number of all matches.
    package func list(_ query: RepositoryQuery, for principal: Principal) async throws
        -> (items: [RepositorySummary], total: Int64)
    {
        let found = try await localCatalogue.listed(query, after: nil, for: principal)
        return (found.items, found.total)
    }

    /// A page of the repositories a principal may discover, and where the next one begins.
    ///
    /// A page ends early where its cards get large, so that memory is bounded whatever they hold.
    /// - Parameter cursor: the end of the page before; nil for the first. The query's `offset` counts only where there is
    ///   none.
    package func page(_ query: RepositoryQuery, after cursor: RepositoryCursor?, for principal: Principal) async throws
        -> (items: [RepositorySummary], next: RepositoryCursor?)
    {
        if query.isNarrowed {
            let found = try await localCatalogue.listed(query, after: cursor, for: principal)
            return (found.items, found.next)
        }
        let limit = max(0, min(query.limit, 1_000))
        let now = clock.now()
        return try await database.read { connection in
            var listing = RepositoryListing(query, for: principal, now: now)
            let offset = try listing.begin(after: cursor)
            var items: [RepositorySummary] = []
            var hasMore = false
            var bytes = 0
            let veil = try Self.cardVeil(for: principal, now: now, in: connection)
            try connection.forEach(
                listing.select(Self.listedColumns, "ORDER BY \(listing.order) LIMIT ? OFFSET ?"),
                listing.arguments + [.integer(Int64(limit) + 1), .integer(offset)]
            ) { row in
                guard items.count < limit, bytes <= Self.maximumPageBytes else {
                    hasMore = true
                    return false
                }
                bytes += try row.optionalText("card")?.utf8.count ?? 0
                items.append(try Self.summary(row, for: principal, veil))
                return true
            }
            guard hasMore, let last = items.last else { return (items, nil) }
            return (items, listing.cursor(after: last.repository))
        }
    }

    /// The same of every repository, for work that is done for nobody in particular.
    package func pageAsOperator(_ query: RepositoryQuery, after cursor: RepositoryCursor?) async throws
        -> (items: [RepositorySummary], next: RepositoryCursor?)
    { try await page(query, after: cursor, for: .operator) }

    /// Bytes of cards after which a page ends.
    static let maximumPageBytes = 8 << 20

    private static let listedColumns = "\(columns), r.head, r.card, r.tags"

    /// The summary of one repository that was opened.
    package func summary(of repository: Repository) async throws -> RepositorySummary {
        let now = clock.now()
        return try await database.read { connection in
            let row = try connection.first(
                "SELECT \(Self.columns), r.head, r.card, r.tags FROM repositories r WHERE r.id = ?",
                [.integer(repository.key)])
            guard let row else { throw HubError(.repositoryNotFound, "The repository \(repository.id) is gone.") }
            let veil = try Self.cardVeil(for: repository.principal, now: now, in: connection)
            return try Self.summary(row, for: repository.principal, veil)
        }
    }

    /// Those of these repositories that a principal may discover, by key.
    /// - Parameter keys: some hundreds at most.
    static func summaries(_ keys: [Int64], for principal: Principal, now: Int64, in connection: any Connection) throws
        -> [Int64: RepositorySummary]
    { try weighedSummaries(keys, for: principal, now: now, in: connection).mapValues(\.summary) }

    /// The same, with how many bytes their cards have.
    static func weighedSummaries(_ keys: [Int64], for principal: Principal, now: Int64, in connection: any Connection)
        throws -> [Int64: (summary: RepositorySummary, bytes: Int)]
    {
        guard !keys.isEmpty else { return [:] }
        var arguments: [Value] = []
        let visible = visibilityCondition(for: principal, now: now, arguments: &arguments)
        let veil = try cardVeil(for: principal, now: now, in: connection)
        let rows = try connection.query(
            """
            SELECT \(listedColumns) FROM repositories r
            WHERE r.id IN (\(keys.map(String.init).joined(separator: ", "))) AND \(visible)
            """, arguments)
        var found: [Int64: (summary: RepositorySummary, bytes: Int)] = [:]
        for row in rows {
            let bytes = try row.optionalText("card")?.utf8.count ?? 0
            found[try row.integer("id")] = (try summary(row, for: principal, veil), bytes)
        }
        return found
    }

    /// Changes after a cursor, oldest first, of public repositories; at most `limit`, and whether there are more.
    package func feed(after version: Int64, limit: Int, for principal: Principal) async throws
        -> (entries: [FeedEntry], hasMore: Bool)
    {
        let limit = max(0, min(limit, 10_000))
        var arguments: [Value] = [.integer(version)]
        let visible = Self.visibilityCondition(for: principal, now: clock.now(), arguments: &arguments)
        let bound = arguments
        let rows = try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.columns), f.version, f.change_log, f.created_at AS changed_at
                FROM feed f JOIN repositories r ON r.id = f.repository_id
                WHERE f.version > ? AND \(visible) AND r.kind <> 'space' ORDER BY f.version LIMIT ?
                """, bound + [.integer(Int64(limit) + 1)])
        }
        let entries = try rows.prefix(limit).map { row in
            FeedEntry(
                version: try row.integer("version"),
                repository: Repository(record: try Self.record(row), principal: principal, verb: .discover),
                changeLog: try row.text("change_log"), createdAt: try row.integer("changed_at"))
        }
        return (entries, rows.count > limit)
    }

    /// Adds a change to the feed. Versions are given inside the transaction, so that a reader's cursor never passes one
    /// that is still to come.
    static func appendToFeed(
        _ commit: CommitID, of key: Int64, changeLog: String, now: Int64, in connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO feed (version, repository_id, commit_id, change_log, created_at) VALUES (?, ?, ?, ?, ?)
            """,
            [
                .integer(try nextFeedVersion(in: connection)), .integer(key), .text(commit.hex), .text(changeLog),
                .integer(now),
            ])
    }

    private static func summary(_ row: Row, for principal: Principal, _ veil: CardVeil?) throws -> RepositorySummary {
        let record = try record(row)
        let isShown = veil?.covers(record) != true
        let tags = isShown ? try row.optionalText("tags").flatMap(JSONText.decode)?.strings : nil
        return RepositorySummary(
            repository: Repository(record: record, principal: principal, verb: .discover),
            head: try row.optionalText("head").flatMap { CommitID($0) },
            card: !isShown ? nil : try row.optionalText("card").flatMap(JSONText.decode), tags: tags ?? [])
    }

    static func escapeLike(_ text: String) -> String {
        var result = ""
        // Scalars, not characters: "%" followed by a combining mark is a character of its own, and still a wildcard.
        for scalar in text.unicodeScalars {
            if scalar == "!" || scalar == "%" || scalar == "_" { result.unicodeScalars.append("!") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
