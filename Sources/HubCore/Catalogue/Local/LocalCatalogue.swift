package import SQL
import Synchronization

/// What is here, narrowed, counted and sorted in memory: lists of a hundred thousand repositories with the counts of
/// every facet take a database far longer than anybody waits.
///
/// The database stays the truth: it marks each repository that changes, whoever changes it, and what is marked is read
/// again before an answer. Who may see what is asked anew each time.
package actor LocalCatalogue {
    nonisolated let database: any Database
    nonisolated let clock: WallClock
    private var table = CatalogueTable()
    private var loading: Task<CatalogueTable, any Error>?

    package init(database: any Database, clock: WallClock) {
        self.database = database
        self.clock = clock
    }

    /// Above this many changes all is read anew.
    private static let manyChanges: Int64 = 20_000

    /// The table as of now.
    func current() async throws -> CatalogueTable {
        let newest = try await database.read { try Self.newestMark(in: $0) }
        while table.version < newest {
            // Of those who wait for one reading any may go on first: each takes what was read. Whoever left that to the
            // one who began it would find the reading done and the table old, again and again, and keep the others out.
            let reading = loading ?? begin()
            do {
                take(try await reading.value, of: reading)
            } catch {
                if loading == reading { loading = nil }
                throw error
            }
        }
        return table
    }

    /// Begins to read what is new. The table goes along: two who have it would make a copy of all of it.
    private func begin() -> Task<CatalogueTable, any Error> {
        let moved = MovedTable(table)
        table = CatalogueTable()
        let reading = Task { [database] in
            try await database.read { connection in try Self.updated(moved.take(), in: connection) }
        }
        loading = reading
        return reading
    }

    private func take(_ read: CatalogueTable, of reading: Task<CatalogueTable, any Error>) {
        guard loading == reading else { return }
        loading = nil
        table = read
    }

    /// Reads what is needed for the first answer.
    package func prepare() async throws { _ = try await current() }

    /// A page of what fits a query and a principal may discover, with the counts of the whole list.
    /// - Throws: `.badRequest` for too many conditions.
    package nonisolated func page(
        _ query: LocalCatalogueQuery, for principal: Principal, after cursor: RepositoryCursor? = nil
    )
        async throws -> LocalCataloguePage
    {
        guard query.chosen.values.reduce(0, { $0 + $1.count }) <= 64 else {
            throw HubError(.badRequest, "A list is narrowed by at most 64 conditions.")
        }
        let table = try await current()
        let now = clock.now()
        return try await database.read { connection in
            let sight = try CatalogueSight(principal, of: table, now: now, in: connection)
            let fit = try table.fit(
                query.words, in: sight, among: sight.isVisible, isRanked: query.sorts == .relevance, for: principal,
                now: now, in: connection)
            let answer = table.answer(query, isVisible: sight.isVisible, fit: fit, after: cursor)
            let summaries = try RepositoryStore.summaries(
                answer.page.map(\.key), for: principal, now: now, in: connection)
            let entries = answer.page.compactMap { place in
                summaries[place.key].map { table.entry(place.row, $0, query.standings[place.key]) }
            }
            return LocalCataloguePage(
                entries: entries, next: Self.next(answer, query, cursor), previous: answer.previous,
                total: answer.total,
                kinds: Dictionary(uniqueKeysWithValues: zip(RepositoryKind.allCases, answer.kinds)),
                counts: answer.counts)
        }
    }

    /// Those of these repositories that a principal may discover, in this order.
    /// - Parameter keys: some hundreds at most.
    package nonisolated func entries(_ keys: [Int64], for principal: Principal) async throws -> [LocalCataloguePage
        .Entry]
    {
        guard !keys.isEmpty else { return [] }
        let table = try await current()
        let now = clock.now()
        let summaries = try await database.read {
            try RepositoryStore.summaries(keys, for: principal, now: now, in: $0)
        }
        return keys.compactMap { key in
            guard let summary = summaries[key], let place = table.places[key] else { return nil }
            return table.entry(Int(place), summary)
        }
    }

    static func next(_ answer: CatalogueTable.Answer, _ query: LocalCatalogueQuery, _ cursor: RepositoryCursor?)
        -> RepositoryCursor?
    {
        guard answer.hasMore, let last = answer.page.last else { return nil }
        guard query.sorts == .relevance else { return .row(value: last.value, key: last.key) }
        var before: Int64 = 0
        if case .position(let count)? = cursor { before = count }
        return .position(before + Int64(answer.page.count))
    }

    /// The mirrored repositories that changed after a version, and the version as of now.
    package func mirrors(changedAfter version: Int64) async throws -> (keys: [Int64], version: Int64) {
        try await database.read { connection in
            let newest = try Self.newestMark(in: connection)
            guard newest > version else { return ([], newest) }
            let rows = try connection.query(
                """
                SELECT m.repository_id FROM repository_marks m JOIN repositories r ON r.id = m.repository_id
                WHERE m.version > ? AND r.origin = 'mirror'
                """, [.integer(version)])
            return (try rows.map { try $0.integer("repository_id") }, newest)
        }
    }

    // MARK: Reading

    private static func newestMark(in connection: any Connection) throws -> Int64 {
        try connection.first("SELECT COALESCE(MAX(version), 0) AS n FROM repository_marks")?.integer("n") ?? 0
    }

    private static func updated(_ old: consuming CatalogueTable, in connection: any Connection) throws -> CatalogueTable
    {
        let newest = try newestMark(in: connection)
        guard old.version < newest else { return old }
        if old.version < 0 || newest - old.version > manyChanges || old.isWorn {
            var table = CatalogueTable()
            try table.loadAll(in: connection)
            table.version = newest
            return table
        }
        var changed: [Int64] = []
        try connection.forEachInteger(
            "SELECT repository_id FROM repository_marks WHERE version > ?", [.integer(old.version)]
        ) { changed.append($0) }
        var table = consume old
        try table.load(changed, in: connection)
        table.version = newest
        return table
    }
}

/// A table on its way to who changes it.
private final class MovedTable: Sendable {
    private let table: Mutex<CatalogueTable>

    init(_ table: consuming CatalogueTable) { self.table = Mutex(table) }

    func take() -> CatalogueTable {
        table.withLock { table in
            defer { table = CatalogueTable() }
            return table
        }
    }
}

extension CatalogueTable {
    fileprivate func entry(_ row: Int, _ summary: RepositorySummary, _ told: CatalogueStanding? = nil)
        -> LocalCataloguePage.Entry
    {
        func known(_ column: Column) -> Int64? {
            let number = number(column, row)
            return number < 0 ? nil : number
        }
        return LocalCataloguePage.Entry(
            summary: summary, standing: told ?? standing(row), size: known(.size), parameters: known(.parameters),
            task: said(row, .task).first, library: said(row, .library).first, licenses: said(row, .license),
            downloads: max(0, number(.downloads, row)), likes: max(0, number(.likes, row)))
    }
}
