package import SQL
import Synchronization

/// A page of the catalogue.
package struct CataloguePage: Sendable {
    package let entries: [RemoteEntry]
    /// Where each entry ends, for lists that are put together out of several.
    package let cursors: [RepositoryCursor]
    /// Nil after the last entry.
    package let next: RepositoryCursor?
    /// Where the page before it begins; nil on the first, and where it was not asked for.
    package var previous: PreviousPage?
}

/// How many entries of a list say something.
package struct CatalogueCounts: Sendable, Hashable {
    package struct Count: Sendable, Hashable {
        package let content: String
        package let count: Int64
    }

    /// Entries of the whole list.
    package let total: Int64
    package let kinds: [Count]
    package let states: [Count]
    /// What most say comes first.
    package let facets: [CatalogueFacet: [Count]]
}

extension RemoteCatalogue {
    private static let largestPage = 200

    /// Entries that fit a query and that a principal may know of.
    /// - Throws: `.badRequest` for too many conditions or the cursor of another list.
    package func search(_ query: CatalogueQuery, for principal: Principal, after cursor: RepositoryCursor? = nil)
        async throws -> CataloguePage
    {
        let limit = max(1, min(query.limit, Self.largestPage))
        let now = clock.now()
        return try await database.read { connection in
            var listing = try CatalogueListing(query, for: principal, now: now, in: connection)
            guard !listing.isEmpty else { return CataloguePage(entries: [], cursors: [], next: nil) }
            let offset = try listing.begin(after: cursor)
            let value = listing.cursorColumn.map { "e.\($0)" } ?? "0"
            // The order first, of ids alone: what is shown of them is read for one page only.
            let rows = try connection.query(
                listing.select("e.id AS id, \(value) AS sorted", "ORDER BY \(listing.order) LIMIT ? OFFSET ?"),
                listing.arguments + listing.orderArguments + [.integer(Int64(limit) + 1), .integer(offset)])
            let isCounted = listing.cursorColumn == nil
            let page = try rows.prefix(limit).enumerated().map { index, row in
                (
                    id: try row.integer("id"),
                    cursor: isCounted
                        ? RepositoryCursor.position(offset + Int64(index) + 1)
                        : .row(value: try row.integer("sorted"), key: try row.integer("id"))
                )
            }
            let entries = try Self.entries(page.map(\.id), in: connection)
            let found = page.compactMap { place in entries[place.id].map { (entry: $0, cursor: place.cursor) } }
            return CataloguePage(
                entries: found.map(\.entry), cursors: found.map(\.cursor),
                next: rows.count > limit ? page.last?.cursor : nil)
        }
    }

    /// Where the page before the one after a cursor begins; nil on the first.
    /// - Throws: `.badRequest` for too many conditions or the cursor of another list.
    package func previousPage(_ query: CatalogueQuery, for principal: Principal, before cursor: RepositoryCursor)
        async throws -> PreviousPage?
    {
        let limit = Int64(max(1, min(query.limit, Self.largestPage)))
        let now = clock.now()
        return try await database.read { connection in
            var listing = try CatalogueListing(query, for: principal, now: now, in: connection)
            guard !listing.isEmpty else { return nil }
            if case .position(let count) = cursor {
                return count <= 0 ? nil : count > limit ? .after(.position(count - limit)) : .first
            }
            guard let column = listing.cursorColumn else { return nil }
            try listing.end(at: cursor)
            let rows = try connection.query(
                listing.select(
                    "e.id AS id, e.\(column) AS sorted", "ORDER BY \(listing.reversedOrder) LIMIT \(limit + 1)"),
                listing.arguments)
            guard let last = rows.last else { return nil }
            guard rows.count > limit else { return .first }
            return .after(.row(value: try last.integer("sorted"), key: try last.integer("id")))
        }
    }

    /// The same for whoever runs a command on the data directory itself.
    package func searchAsOperator(_ query: CatalogueQuery, after cursor: RepositoryCursor? = nil) async throws
        -> CataloguePage
    { try await search(query, for: .operator, after: cursor) }

    /// What upstreams tell of repositories here, by the repositories' keys.
    /// - Parameter keys: some hundreds at most, of what whoever asks may see.
    package func entries(ofRepositories keys: [Int64]) async throws -> [Int64: RemoteEntry] {
        guard !keys.isEmpty else { return [:] }
        return try await database.read { connection in
            let rows = try connection.query(
                "\(Self.selection) WHERE r.id IN (\(keys.map(String.init).joined(separator: ", ")))")
            let syncing = try Self.syncing(among: rows, in: connection)
            var entries: [Int64: RemoteEntry] = [:]
            for row in rows {
                let entry = try Self.entry(row)
                entries[try row.integer("local_key")] = syncing.contains(entry.id) ? entry.beingSynced : entry
            }
            return entries
        }
    }

    /// Keys of repositories that a job is bringing now.
    package func beingSynced() async throws -> Set<Int64> {
        try await database.read { connection in
            let subjects = try connection.query(
                """
                SELECT DISTINCT subject FROM jobs WHERE state IN ('queued', 'running') AND kind = 'sync'
                ORDER BY subject LIMIT 2000
                """, [])
            var keys: Set<Int64> = []
            for row in subjects {
                let name = String(try row.text("subject").prefix { $0 != "@" })
                guard let id = RepositoryID(parsing: name) else { continue }
                let found = try connection.first(
                    "SELECT id FROM repositories WHERE kind = ? AND namespace_key = ? AND name_key = ?",
                    [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)])
                if let found { keys.insert(try found.integer("id")) }
            }
            return keys
        }
    }

    private static func entries(_ ids: [Int64], in connection: any Connection) throws -> [Int64: RemoteEntry] {
        guard !ids.isEmpty else { return [:] }
        let rows = try connection.query(
            "\(selection) WHERE e.id IN (\(ids.map { _ in "?" }.joined(separator: ", ")))", ids.map(Value.integer))
        let syncing = try syncing(among: rows, in: connection)
        var entries: [Int64: RemoteEntry] = [:]
        for row in rows {
            let entry = try entry(row)
            entries[entry.id] = syncing.contains(entry.id) ? entry.beingSynced : entry
        }
        return entries
    }

    /// Those of a page that a job is bringing.
    private static func syncing(among rows: [Row], in connection: any Connection) throws -> Set<Int64> {
        var subjects: [String: Int64] = [:]
        for row in rows {
            guard let namespace = try row.optionalText("local_namespace") else { continue }
            let name = "\(try row.text("kind")):\(namespace)/\(try row.text("local_name"))".lowercased()
            subjects[name] = try row.integer("id")
        }
        guard !subjects.isEmpty else { return [] }
        var found: Set<Int64> = []
        try connection.forEach(
            "SELECT subject FROM jobs WHERE state IN ('queued', 'running') ORDER BY state DESC LIMIT 10000", []
        ) { row in
            let name = try row.text("subject").prefix { $0 != "@" }.lowercased()
            if let id = subjects[name] { found.insert(id) }
            return true
        }
        return found
    }

    /// How many entries of a list there are, and how many of them say what.
    ///
    /// A list that most entries are in is counted once in some seconds.
    /// - Throws: `.badRequest` for too many conditions.
    package func counts(of query: CatalogueQuery, for principal: Principal) async throws -> CatalogueCounts {
        let now = clock.now()
        let memory = counts
        return try await database.read { connection in
            let listing = try CatalogueListing(query, for: principal, now: now, in: connection)
            guard !listing.isEmpty else { return CatalogueCounts(total: 0, kinds: [], states: [], facets: [:]) }
            let ids = listing.select("e.id AS id")
            // Grants may end by the clock: what time it is must not tell two questions apart, and is no part of them.
            let question = FacetMemory.Question(
                statement: ids, arguments: listing.arguments.filter { $0 != .integer(now) })
            if let known = memory.counts(question, now: now) { return known }
            let counts = try Self.fewCounts(of: listing, in: connection) ?? Self.manyCounts(of: listing, in: connection)
            memory.keep(counts, for: question, now: now)
            return counts
        }
    }

    /// Of few entries each is gone through.
    /// - Returns: nil when there are many.
    private static func fewCounts(of listing: CatalogueListing, in connection: any Connection) throws
        -> CatalogueCounts?
    {
        let rows = try connection.query(
            listing.select("e.id AS id, e.kind AS kind, e.state AS state", "LIMIT \(fewCounted + 1)"),
            listing.arguments)
        guard rows.count <= fewCounted else { return nil }
        var kinds: [String: Int64] = [:]
        var states: [String: Int64] = [:]
        for row in rows {
            kinds[try row.text("kind"), default: 0] += 1
            states[try row.text("state"), default: 0] += 1
        }
        var said: [CatalogueFacet: [String: Int64]] = [:]
        // One statement for any number of entries: what is missing of the last batch is no entry's id.
        let places = Array(repeating: "?", count: countedTogether).joined(separator: ", ")
        for start in stride(from: 0, to: rows.count, by: countedTogether) {
            var ids = try rows[start...].prefix(countedTogether).map { Value.integer(try $0.integer("id")) }
            ids += Array(repeating: .integer(-1), count: countedTogether - ids.count)
            try connection.forEach(
                """
                SELECT facet, content_key, COUNT(*) AS n FROM remote_facets WHERE remote_id IN (\(places))
                GROUP BY facet, content_key
                """, ids
            ) { row in
                guard let facet = CatalogueFacet(rawValue: try row.text("facet")) else { return true }
                said[facet, default: [:]][try row.text("content_key"), default: 0] += try row.integer("n")
                return true
            }
        }
        return try counts(kinds, states, said.mapValues { Array(sorted($0).prefix(maximumCounts)) }, in: connection)
    }

    /// Of many, the index of what is said is read in its order.
    private static func manyCounts(of listing: CatalogueListing, in connection: any Connection) throws
        -> CatalogueCounts
    {
        var kinds: [String: Int64] = [:]
        var states: [String: Int64] = [:]
        try connection.forEach(
            listing.select("e.kind AS kind, e.state AS state, COUNT(*) AS n", "GROUP BY e.kind, e.state"),
            listing.arguments
        ) { row in
            let count = try row.integer("n")
            kinds[try row.text("kind"), default: 0] += count
            states[try row.text("state"), default: 0] += count
            return true
        }
        var keys: [CatalogueFacet: [CatalogueCounts.Count]] = [:]
        try connection.forEach(
            """
            SELECT f.facet AS facet, f.content_key AS content_key, COUNT(*) AS n FROM remote_facets f
            WHERE f.remote_id + 0 IN (\(listing.select("e.id AS id")))
            GROUP BY f.facet, f.content_key ORDER BY n DESC, f.content_key LIMIT \(maximumCounted)
            """, listing.arguments
        ) { row in
            guard let facet = CatalogueFacet(rawValue: try row.text("facet")),
                keys[facet, default: []].count < maximumCounts
            else { return true }
            keys[facet, default: []].append(
                CatalogueCounts.Count(content: try row.text("content_key"), count: try row.integer("n")))
            return true
        }
        return try counts(kinds, states, keys, in: connection)
    }

    private static func counts(
        _ kinds: [String: Int64], _ states: [String: Int64], _ keys: [CatalogueFacet: [CatalogueCounts.Count]],
        in connection: any Connection
    ) throws -> CatalogueCounts {
        CatalogueCounts(
            total: kinds.values.reduce(0, +), kinds: sorted(kinds), states: sorted(states),
            facets: try Dictionary(
                uniqueKeysWithValues: keys.map { facet, counts in
                    (facet, try counts.map { try spelled($0, facet, in: connection) })
                }))
    }

    private static let maximumCounted = 20_000
    private static let fewCounted = 3_000
    private static let countedTogether = 1_000
    private static let maximumCounts = 100

    /// The same in a spelling that some upstream uses.
    private static func spelled(
        _ count: CatalogueCounts.Count, _ facet: CatalogueFacet, in connection: any Connection
    ) throws -> CatalogueCounts.Count {
        let row = try connection.first(
            "SELECT content FROM remote_facets WHERE facet = ? AND content_key = ?",
            [.text(facet.rawValue), .text(count.content)])
        return CatalogueCounts.Count(content: try row?.text("content") ?? count.content, count: count.count)
    }

    private static func sorted(_ counts: [String: Int64]) -> [CatalogueCounts.Count] {
        counts.map { CatalogueCounts.Count(content: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.content) < ($0.count, $1.content) }
    }

    // MARK: The full-text index

    /// Makes the catalogue's full-text index where there is none, from what is stored.
    package static func prepareIndex(_ database: any Database) async throws {
        guard try await database.read({ try !$0.catalogueIndex.isReady(in: $0) }) else { return }
        try await database.write { connection in
            // Another process may have been first.
            guard try !connection.catalogueIndex.isReady(in: connection) else { return }
            try connection.catalogueIndex.make(in: connection)
            var entries: [(Int64, RemoteDescription)] = []
            try connection.forEach("SELECT id, kind, path, description FROM remote_repositories") { row in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")) else { return true }
                entries.append(
                    (
                        try row.integer("id"),
                        RemoteDescription(
                            kind: kind, path: try row.text("path"),
                            json: JSONText.decode(try row.text("description")) ?? .null)
                    ))
                return true
            }
            for (id, description) in entries { try index(id, description, in: connection) }
        }
    }
}

extension RemoteEntry {
    /// The same while a job brings it.
    fileprivate var beingSynced: RemoteEntry {
        var copy = local
        copy?.isSyncing = true
        return RemoteEntry(
            id: id, mirror: mirror, upstream: upstream, state: state, stateReason: stateReason, stateSince: stateSince,
            description: description, seenAt: seenAt, describedAt: describedAt, local: copy)
    }
}

/// Counts of large lists, for some seconds: nobody sees whether a count is as old as that.
final class FacetMemory: Sendable {
    struct Question: Hashable {
        let statement: String
        let arguments: [Value]
    }

    private static let lifetime: Int64 = 15_000
    private static let capacity = 128

    private let known = Mutex<[Question: (counts: CatalogueCounts, at: Int64)]>([:])

    func counts(_ question: Question, now: Int64) -> CatalogueCounts? {
        known.withLock { $0[question].flatMap { now - $0.at < Self.lifetime && now >= $0.at ? $0.counts : nil } }
    }

    func keep(_ counts: CatalogueCounts, for question: Question, now: Int64) {
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[question] = (counts, now)
        }
    }
}
