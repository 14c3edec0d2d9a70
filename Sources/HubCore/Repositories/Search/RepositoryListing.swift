import SQL

/// The SQL of one list of repositories: what it is made from, what it is narrowed to, and its order.
struct RepositoryListing {
    /// Words and tags of one query; beyond them it is no question of a person.
    private static let maximumTags = 64

    private let query: RepositoryQuery
    private var tables: [String] = []
    private var from = "repositories r"
    private var conditions = ["r.kind = ?"]
    private var tableArguments: [Value] = []
    private var conditionArguments: [Value]
    /// The words that are searched for.
    private var names: [NamePattern] = []
    /// What has each word, with how well it fits.
    private var hits: [String] = []

    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `.badRequest` for more conditions than a database bears.
    init(_ query: RepositoryQuery, for principal: Principal, now: Int64, in connection: any Connection) throws {
        self.query = query
        conditionArguments = [.text(query.kind.rawValue)]
        let tags = Set(query.tags.map(CardFacet.key))
        guard tags.count <= Self.maximumTags else {
            throw HubError(.badRequest, "A list is narrowed by at most \(Self.maximumTags) tags.")
        }
        if let author = query.author { add("r.namespace_key = ?", [.text(RepositoryID.key(author))]) }
        for tag in tags.sorted() { narrow(to: tag) }
        if let isGated = query.isGated {
            add(isGated ? RepositoryStore.gatedCondition : "NOT \(RepositoryStore.gatedCondition)")
        }
        if let origin = query.origin { narrow(to: origin) }
        for (number, word) in query.search.filter({ !$0.isEmpty }).prefix(SearchTerms.maximumWords).enumerated() {
            search(word, number, for: principal, now: now, index: connection.searchIndex)
        }
        gatherHits()
        var arguments: [Value] = []
        let visible = RepositoryStore.visibilityCondition(for: principal, now: now, arguments: &arguments)
        add(visible, arguments)
    }

    /// A statement over the rows of the list.
    func select(_ columns: String, _ rest: String = "") -> String {
        let with = tables.isEmpty ? "" : "WITH \(tables.joined(separator: ", ")) "
        return """
            \(with)SELECT \(columns) FROM \(from) WHERE \(conditions.joined(separator: " AND ")) \(rest)
            """
    }

    /// The values of the statement's placeholders, without those of its rest.
    var arguments: [Value] { tableArguments + conditionArguments }

    // MARK: Conditions

    private mutating func add(_ condition: String, _ arguments: [Value] = []) {
        conditions.append(condition)
        conditionArguments += arguments
    }

    private mutating func narrow(to tag: String) {
        add(
            """
            (EXISTS (SELECT 1 FROM repository_facets f WHERE f.repository_id = r.id AND f.tag_key = ?)
                OR EXISTS (SELECT 1 FROM repository_tags t WHERE t.repository_id = r.id AND LOWER(t.flat) = ?))
            """, [.text(tag), .text(tag)])
    }

    private mutating func narrow(to origin: RepositoryQuery.Origin) {
        guard case .upstreams(let upstreams) = origin else { return add("r.origin = 'local'") }
        guard !upstreams.isEmpty else { return add("1 = 0") }
        add(
            "(" + upstreams.map { _ in "(r.mirror = ? AND r.upstream = ?)" }.joined(separator: " OR ") + ")",
            upstreams.flatMap { [Value.text($0.mirror), .text($0.upstream)] })
    }

    /// A word is somewhere in the path, or the full-text index has it: in what everybody sees of a repository, or in the
    /// README where that may be read.
    private mutating func search(
        _ word: String, _ number: Int, for principal: Principal, now: Int64, index: any SearchIndex
    ) {
        // A pattern ends at a NUL for the database, and would fit everything.
        guard word.utf8.count <= SearchTerms.maximumWordBytes, !word.utf8.contains(0) else { return add("1 = 0") }
        let name = NamePattern(word)
        names.append(name)
        var ways: [String] = []
        func table(_ part: String, _ sql: String, _ arguments: [Value]) {
            // Made once: a ranking cannot be asked for row by row.
            tables.append("\(part)\(number) AS MATERIALIZED (\(sql))")
            tableArguments += arguments
            ways.append("SELECT id, score FROM \(part)\(number)")
        }
        table(
            "named", "SELECT r.id AS id, 0.0 AS score FROM repositories r WHERE r.kind = ? AND \(name.condition)",
            [.text(query.kind.rawValue)] + name.arguments)
        if let outer = index.matches(word, in: SearchField.outer) { table("outer", outer.sql, outer.arguments) }
        if let body = index.matches(word, in: [.body]) {
            var arguments: [Value] = []
            let readable = RepositoryStore.contentCondition(for: principal, now: now, arguments: &arguments)
            table(
                "body",
                "SELECT b.id AS id, b.score AS score FROM (\(body.sql)) b JOIN repositories r ON r.id = b.id WHERE \(readable)",
                body.arguments + arguments)
        }
        hits.append(
            "SELECT id, SUM(score) AS score FROM (\(ways.joined(separator: " UNION ALL "))) w\(number) GROUP BY id")
    }

    /// Brings together what has every word. Nothing is looked for in what was found: that would take the square of how
    /// many there are.
    private mutating func gatherHits() {
        guard !hits.isEmpty else { return }
        tables.append(
            """
            found AS MATERIALIZED (SELECT id, SUM(score) AS score FROM (\(hits.joined(separator: " UNION ALL "))) h
            GROUP BY id HAVING COUNT(*) = \(hits.count))
            """)
        // In this order and no other: what was found first.
        from = "found CROSS JOIN repositories r"
        conditions.insert("r.id = found.id", at: 0)
    }

    // MARK: Order

    /// What rows are sorted by; the key last, so that no two rows are alike.
    var order: String {
        let direction = query.isAscending ? "ASC" : "DESC"
        if let column { return "r.\(column) \(direction), r.id \(direction)" }
        let rank = names.map { "\($0.rank), " }.joined()
        let score = hits.isEmpty ? "" : "found.score, "
        return "\(rank)\(score)r.updated_at DESC, r.id DESC"
    }

    /// The values of the placeholders in ``order``.
    var orderArguments: [Value] { column == nil ? names.flatMap(\.rankArguments) : [] }

    /// The column that rows are sorted by; nil when it is how well they fit.
    private var column: String? {
        guard query.order == .relevance else { return query.order.rawValue }
        return names.isEmpty ? RepositoryQuery.Order.lastModified.rawValue : nil
    }

    // MARK: Pages

    /// Lets the list begin after a page's end.
    /// - Returns: how many rows are left out by counting them.
    /// - Throws: `.badRequest` for the cursor of another order.
    mutating func begin(after cursor: RepositoryCursor?) throws -> Int64 {
        switch (cursor, column) {
        case (nil, _): return Int64(max(0, query.offset))
        case (.position(let count), nil): return count
        case (.row(let value, let key), let column?):
            let sign = query.isAscending ? ">" : "<"
            add(
                "(r.\(column) \(sign) ? OR (r.\(column) = ? AND r.id \(sign) ?))",
                [.integer(value), .integer(value), .integer(key)])
            return 0
        default:
            throw HubError(.badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
        }
    }

    /// The end of a page.
    /// - Parameters:
    ///   - last: its last row.
    ///   - position: how many rows there are up to it.
    func cursor(after last: Repository, position: Int64) -> RepositoryCursor {
        guard column != nil else { return .position(position) }
        let value =
            switch query.order {
            case .lastModified, .relevance: last.updatedAt
            case .createdAt: last.createdAt
            case .downloads: last.downloads
            case .likes: last.likes
            }
        return .row(value: value, key: last.key)
    }
}

/// A word as paths hold it: anywhere in owner or name, or around the slash between them.
private struct NamePattern {
    let condition: String
    let arguments: [Value]
    /// How near a path comes to being the word, from 0.
    let rank: String
    let rankArguments: [Value]

    init(_ word: String) {
        let word = word.lowercased()
        // `||` joins texts in some databases and is "or" in others: a word with a slash is taken apart instead.
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let patterns = parts.map(RepositoryStore.escapeLike)
        func like(_ column: String) -> String { "r.\(column) LIKE ? ESCAPE '!'" }
        if parts.count == 2 {
            condition = "(\(like("namespace_key")) AND \(like("name_key")))"
            arguments = [.text("%\(patterns[0])"), .text("\(patterns[1])%")]
            rank = """
                CASE WHEN r.namespace_key = ? AND r.name_key = ? THEN 0
                WHEN r.namespace_key = ? AND \(like("name_key")) THEN 1 WHEN \(condition) THEN 2 ELSE 3 END
                """
            rankArguments =
                [.text(parts[0]), .text(parts[1]), .text(parts[0]), .text("\(patterns[1])%")] + arguments
        } else {
            let pattern = Value.text("%\(patterns.joined())%")
            condition = "(\(like("namespace_key")) OR \(like("name_key")))"
            arguments = [pattern, pattern]
            rank = """
                CASE WHEN r.name_key = ? THEN 0 WHEN \(like("name_key")) THEN 1 WHEN \(condition) THEN 2 ELSE 3 END
                """
            rankArguments = [.text(word), .text("\(patterns.joined())%"), pattern, pattern]
        }
    }
}
