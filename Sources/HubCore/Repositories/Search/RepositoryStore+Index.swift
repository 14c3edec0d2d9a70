package import SQL

extension RepositoryStore {
    /// Changes whenever cards are read in another way: what an older reader made is made anew at the next start.
    static let cardReader: Int64 = 1

    /// Writes what a head's README says of its repository, for filters, counts and the full-text search; nothing when
    /// it is the README these were made from.
    static func index(_ head: HeadFacts, of key: Int64, in connection: any Connection) throws {
        let state = try connection.first(
            "SELECT readme, reader FROM card_states WHERE repository_id = ?", [.integer(key)])
        if let state, let readme = head.readme, try state.integer("reader") == cardReader,
            try state.optionalText("readme") == readme
        {
            return
        }
        try connection.execute("DELETE FROM repository_facets WHERE repository_id = ?", [.integer(key)])
        for facet in head.facets {
            // Two spellings of a tag are one.
            try connection.upsert(
                into: "repository_facets",
                key: [("repository_id", .integer(key)), ("tag_key", .text(CardFacet.key(facet.tag)))],
                values: [
                    ("tag", .text(facet.tag)), ("facet", .text(facet.kind.rawValue)), ("content", .text(facet.value)),
                ])
        }
        try connection.upsert(
            into: "card_states", key: [("repository_id", .integer(key))],
            values: [("readme", Value(head.readme)), ("reader", .integer(cardReader))])
        try indexNames(of: key, body: head.text, in: connection)
    }

    /// Brings what a repository is called and described by into the full-text index.
    /// - Parameter body: the README's text; nil leaves it.
    static func indexNames(of key: Int64, body: String? = nil, in connection: any Connection) throws {
        guard
            let row = try connection.first(
                "SELECT namespace, name, card, tags FROM repositories WHERE id = ?", [.integer(key)])
        else { return }
        let card = Card(data: try row.optionalText("card").flatMap(JSONText.decode))
        let given = try connection.query(
            "SELECT name FROM repository_tags WHERE repository_id = ? ORDER BY category, name", [.integer(key)]
        ).map { try $0.text("name") }
        let shown = try row.optionalText("tags").flatMap(JSONText.decode)?.strings ?? []
        let said = try connection.query(
            """
            SELECT content FROM repository_settings
            WHERE repository_id = ? AND name IN (\(RepositoryProfile.settingNames.map { "'\($0)'" }.joined(separator: ", ")))
            """, [.integer(key)]
        ).compactMap { JSONText.decode(try $0.text("content"))?.string }
        var texts: [SearchField: String] = [
            .name: "\(try row.text("namespace")) \(try row.text("name"))",
            .tags: (given + shown).joined(separator: "\n"),
            .description: (said + card.descriptions).joined(separator: "\n"),
        ]
        texts[.body] = body
        try connection.searchIndex.put(texts, of: key, in: connection)
    }

    // MARK: Making it anew

    /// Makes the full-text index where there is none. What it holds is missing until ``IndexRebuild`` has run.
    package static func prepareIndex(_ database: any Database) async throws {
        // Most starts find it, and need no write lock.
        guard try await database.read({ try !$0.searchIndex.isReady(in: $0) }) else { return }
        try await database.write { connection in
            // Another process may have been first.
            guard try !connection.searchIndex.isReady(in: connection) else { return }
            try connection.searchIndex.make(in: connection)
            try connection.execute("DELETE FROM card_states")
        }
    }

    /// Forgets what was made from cards, so that the next ``IndexRebuild`` makes all of it.
    func forgetIndex() async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM card_states")
            try connection.searchIndex.clear(in: connection)
        }
    }

    /// Repositories whose rows and index are missing or were made by another reader, in the order of their keys.
    func unindexed(after key: Int64, limit: Int) async throws -> [(key: Int64, head: CommitID?, kind: RepositoryKind)] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT r.id, r.head, r.kind FROM repositories r
                LEFT JOIN card_states c ON c.repository_id = r.id AND c.reader = ?
                WHERE r.id > ? AND c.repository_id IS NULL ORDER BY r.id LIMIT ?
                """, [.integer(Self.cardReader), .integer(key), .integer(Int64(limit))]
            ).map { row in
                (
                    try row.integer("id"), try row.optionalText("head").flatMap { CommitID($0) },
                    RepositoryKind(rawValue: try row.text("kind")) ?? .model
                )
            }
        }
    }

    /// Indexes a repository whose head is still the one that was read; one that moved on was indexed by what moved it.
    /// - Parameter facts: what the head says; nil where its objects are not here.
    func indexAgain(_ facts: HeadFacts?, of key: Int64, head: CommitID?) async throws {
        try await database.write { connection in
            let row = try connection.first("SELECT head FROM repositories WHERE id = ?", [.integer(key)])
            guard let row, try row.optionalText("head") == head?.hex else { return }
            if let facts {
                try connection.execute(
                    "UPDATE repositories SET card = ?, tags = ? WHERE id = ?",
                    [Value(try facts.card.data.map(JSONText.encode)), .text(try facts.tagList), .integer(key)])
                try Self.index(facts, of: key, in: connection)
            } else {
                try connection.upsert(
                    into: "card_states", key: [("repository_id", .integer(key))],
                    values: [("readme", nil), ("reader", .integer(Self.cardReader))])
                try Self.indexNames(of: key, in: connection)
            }
        }
    }
}
