import SQL

/// The SQL of one list of the catalogue.
///
/// A list is made in one of two ways. When some condition fits few entries, those are looked at one by one and sorted.
/// When every condition fits many, the entries are looked at in the order of the list until the page is full: then most
/// of them fit, and nothing is sorted.
struct CatalogueListing {
    /// Entries that are looked at one by one, at most.
    private static let few = 1_500
    private static let maximumConditions = 64

    /// Something that entries have to be, as the ids it fits and as a test of one entry.
    private struct Condition {
        let ids: (sql: String, arguments: [Value])
        let test: (sql: String, arguments: [Value])
    }

    private let query: CatalogueQuery
    private var tables: [String] = []
    private var tableArguments: [Value] = []
    private var from = "remote_repositories e"
    private var conditions: [String] = []
    private var conditionArguments: [Value] = []
    private var names: [(rank: String, arguments: [Value])] = []
    private var scores: [String] = []
    /// Whether nothing can fit.
    private(set) var isEmpty = false
    /// Whether few entries are looked at and sorted.
    private(set) var isNarrow = false

    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `.badRequest` for more conditions than a database bears.
    init(_ query: CatalogueQuery, for principal: Principal, now: Int64, in connection: any Connection) throws {
        self.query = query
        guard query.facets.count + query.licenses.count <= Self.maximumConditions else {
            throw HubError(.badRequest, "A list is narrowed by at most \(Self.maximumConditions) conditions.")
        }
        var selective = query.facets.map { Self.has($0.facet, [$0.content]) }
        if !query.licenses.isEmpty { selective.append(Self.has(.license, query.licenses)) }
        if let author = query.author { selective.append(Self.owned(by: author)) }
        if query.isHere == true || query.isBehind { selective.append(Self.here) }
        var words: [(condition: Condition, word: String)] = []
        for word in query.search.filter({ !$0.isEmpty }).prefix(SearchTerms.maximumWords) {
            // A pattern ends at a NUL for the database, and would fit everything.
            guard word.utf8.count <= SearchTerms.maximumWordBytes, !word.utf8.contains(0) else {
                isEmpty = true
                return
            }
            words.append((Self.contains(word, index: connection.catalogueIndex), word))
        }
        let all = selective + words.map(\.condition)
        let driver = try chooseWay(among: all, in: connection)
        for (number, condition) in all.enumerated() where number != driver {
            add(condition.test.sql, condition.test.arguments)
        }
        if isNarrow, query.effectiveOrder == .relevance {
            for (number, (_, word)) in words.enumerated() { rank(word, number, in: connection.catalogueIndex) }
        }
        if isNarrow { tables.append(scoredDriver) }
        if let kind = query.kind { add("e.kind = ?", [.text(kind.rawValue)]) }
        if !query.states.isEmpty, query.states.count < RemoteEntry.State.allCases.count {
            let states = query.states.map(\.rawValue).sorted()
            add("e.state IN (\(states.map { _ in "?" }.joined(separator: ", ")))", states.map(Value.text))
        }
        if query.isHere == false { add("r.id IS NULL") }
        if query.isBehind { add(RemoteCatalogue.behind) }
        try narrow(to: query.sources, in: connection)
        var arguments: [Value] = []
        let visible = RemoteCatalogue.visibility(for: principal, now: now, arguments: &arguments)
        add(visible, arguments)
    }

    /// A statement over the entries of the list.
    func select(_ columns: String, _ rest: String = "") -> String {
        let with = tables.isEmpty ? "" : "WITH \(tables.joined(separator: ", ")) "
        return """
            \(with)SELECT \(columns) FROM \(from) \(RemoteCatalogue.joins)
            WHERE \(conditions.joined(separator: " AND ")) \(rest)
            """
    }

    /// The values of the statement's placeholders, without those of its rest.
    var arguments: [Value] { tableArguments + conditionArguments }

    /// The few that are looked at, with what they score. They are put together apart: beside all that visibility asks, a
    /// database goes through the scores for every entry instead of looking them up.
    private var scoredDriver: String {
        let columns = scores.map { ", \($0).score AS \($0)" }.joined()
        let joins = scores.map { " LEFT JOIN \($0) ON \($0).id = found.id" }.joined()
        return "driver AS MATERIALIZED (SELECT found.id AS id\(columns) FROM found\(joins))"
    }

    // MARK: Conditions

    private mutating func add(_ condition: String, _ arguments: [Value] = []) {
        conditions.append(condition)
        conditionArguments += arguments
    }

    /// - Returns: the condition by which few entries are found; nil where none does.
    private mutating func chooseWay(among conditions: [Condition], in connection: any Connection) throws -> Int? {
        var best: (number: Int, condition: Condition, count: Int64)?
        for (number, condition) in conditions.enumerated() {
            let counted = try connection.first(
                "SELECT COUNT(*) AS n FROM (SELECT id FROM (\(condition.ids.sql)) k LIMIT \(Self.few + 1)) c",
                condition.ids.arguments)
            let count = try counted?.integer("n") ?? 0
            if count == 0 {
                isEmpty = true
                return nil
            }
            if count <= Self.few, count < best?.count ?? .max { best = (number, condition, count) }
        }
        guard let best else { return nil }
        isNarrow = true
        tables.append("found AS MATERIALIZED (\(best.condition.ids.sql))")
        tableArguments += best.condition.ids.arguments
        // In this order and no other: the few first.
        from = "driver CROSS JOIN remote_repositories e"
        add("e.id = driver.id")
        return best.number
    }

    /// - Note: `+ 0` keeps the database from going through the upstream's entries instead of the order of the list.
    private mutating func narrow(
        to sources: [(mirror: String, upstream: String)]?, in connection: any Connection
    ) throws {
        guard let sources else { return }
        let keys = try sources.compactMap { try RemoteCatalogue.sourceKey($0.mirror, $0.upstream, in: connection) }
        guard !keys.isEmpty else {
            isEmpty = true
            return
        }
        add("e.source_id + 0 IN (\(keys.map(String.init).joined(separator: ", ")))")
    }

    private static func has(_ facet: CatalogueFacet, _ contents: [String]) -> Condition {
        let places = contents.map { _ in "?" }.joined(separator: ", ")
        let arguments = [Value.text(facet.rawValue)] + contents.map { .text(CatalogueFacet.key($0)) }
        return Condition(
            ids: (
                "SELECT DISTINCT remote_id AS id FROM remote_facets WHERE facet = ? AND content_key IN (\(places))",
                arguments
            ),
            test: (
                """
                EXISTS (SELECT 1 FROM remote_facets f WHERE f.remote_id = e.id AND f.facet = ?
                AND f.content_key IN (\(places)))
                """, arguments
            ))
    }

    private static func owned(by author: String) -> Condition {
        let key = Value.text(author.lowercased())
        return Condition(
            ids: ("SELECT id FROM remote_repositories WHERE author_key = ?", [key]), test: ("e.author_key = ?", [key]))
    }

    private static let here = Condition(
        ids: (
            """
            SELECT e2.id FROM repositories r2
            JOIN catalogue_sources s2 ON s2.mirror = r2.mirror AND s2.upstream = r2.upstream
            JOIN remote_repositories e2 ON e2.source_id = s2.id AND e2.kind = r2.kind AND e2.path_key = r2.upstream_key
            WHERE r2.origin = 'mirror'
            """, []
        ), test: ("r.id IS NOT NULL", []))

    /// A word is somewhere in the name, or the full-text index has it.
    private static func contains(_ word: String, index: any SearchIndex) -> Condition {
        var ways = ["SELECT id FROM remote_repositories WHERE path_key LIKE ? ESCAPE '!'"]
        var arguments: [Value] = [.text("%\(RepositoryStore.escapeLike(word.lowercased()))%")]
        if let found = index.ids(word, in: SearchField.outer) {
            ways.append(found.sql)
            arguments += found.arguments
        }
        let sql = ways.joined(separator: " UNION ")
        return Condition(ids: (sql, arguments), test: ("e.id + 0 IN (\(sql))", arguments))
    }

    /// How near an entry comes to a word: in its name first, then as the index tells.
    private mutating func rank(_ word: String, _ number: Int, in index: any SearchIndex) {
        let key = word.lowercased()
        let escaped = RepositoryStore.escapeLike(key)
        names.append(
            (
                """
                CASE WHEN e.path_key = ? OR e.path_key LIKE ? ESCAPE '!' THEN 0
                WHEN e.path_key LIKE ? ESCAPE '!' THEN 1 WHEN e.path_key LIKE ? ESCAPE '!' THEN 2 ELSE 3 END
                """, [.text(key), .text("%/\(escaped)"), .text("%/\(escaped)%"), .text("%\(escaped)%")]
            ))
        guard let found = index.matches(word, in: SearchField.outer) else { return }
        // Only what is in the list is ranked, and a ranking cannot be asked for row by row.
        tables.append("score\(number) AS MATERIALIZED (\(found.sql) LIMIT \(Self.few))")
        tableArguments += found.arguments
        scores.append("score\(number)")
    }

    // MARK: Order

    /// What entries are sorted by; the id last, so that no two are alike.
    var order: String {
        let direction = query.isAscending ? "ASC" : "DESC"
        if query.effectiveOrder == .relevance {
            // Many that fit alike are told apart by how much they are used.
            guard isNarrow else { return "e.downloads DESC, e.id DESC" }
            let rank = names.map { "\($0.rank), " }.joined()
            let score = scores.isEmpty ? "" : scores.map { "COALESCE(driver.\($0), 0)" }.joined(separator: " + ") + ", "
            return "\(rank)\(score)e.downloads DESC, e.id DESC"
        }
        return "e.\(query.effectiveOrder.column ?? "updated_at") \(direction), e.id \(direction)"
    }

    /// The same from the end of the list, where a cursor stands in a column.
    var reversedOrder: String {
        let direction = query.isAscending ? "DESC" : "ASC"
        return "e.\(cursorColumn ?? "updated_at") \(direction), e.id \(direction)"
    }

    /// The values of the placeholders in ``order``.
    var orderArguments: [Value] {
        query.effectiveOrder == .relevance && isNarrow ? names.flatMap(\.arguments) : []
    }

    /// The column of numbers that a cursor stands in; nil where it counts.
    var cursorColumn: String? {
        query.effectiveOrder == .name ? nil : query.effectiveOrder.column
    }

    /// Lets the list begin after a page's end.
    /// - Returns: how many entries are left out by counting them.
    /// - Throws: `.badRequest` for the cursor of another order.
    mutating func begin(after cursor: RepositoryCursor?) throws -> Int64 {
        switch (cursor, cursorColumn) {
        case (nil, _): return 0
        case (.position(let count), nil): return count
        case (.row(let value, let key), let column?):
            let sign = query.isAscending ? ">" : "<"
            add(
                "e.\(column) \(sign)= ? AND (e.\(column) \(sign) ? OR e.id \(sign) ?)",
                [.integer(value), .integer(value), .integer(key)])
            return 0
        default:
            throw HubError(.badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
        }
    }

    /// Lets the list end with the entry that a cursor stands behind.
    /// - Throws: `.badRequest` for the cursor of another order.
    mutating func end(at cursor: RepositoryCursor) throws {
        guard case .row(let value, let key) = cursor, let column = cursorColumn else {
            throw HubError(.badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
        }
        let sign = query.isAscending ? "<" : ">"
        add(
            "e.\(column) \(sign)= ? AND (e.\(column) \(sign) ? OR e.id \(sign)= ?)",
            [.integer(value), .integer(value), .integer(key)])
    }
}
