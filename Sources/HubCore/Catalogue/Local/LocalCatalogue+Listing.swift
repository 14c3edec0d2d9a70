import SQL

extension LocalCatalogue {
    private static let maximumTags = 64
    /// Repositories that are read at once, so that a page with large cards is never whole in memory.
    private static let portion = 50

    /// A page of a list that words, tags or owners narrow down, as every surface for programs asks for it.
    /// - Throws: `.badRequest` for the cursor of another order, and for more conditions than a person asks for.
    nonisolated func listed(_ query: RepositoryQuery, after cursor: RepositoryCursor?, for principal: Principal)
        async throws
        -> (items: [RepositorySummary], next: RepositoryCursor?, total: Int64)
    {
        let asked = try Self.asked(query, after: cursor)
        let table = try await current()
        let now = clock.now()
        return try await database.read { connection in
            let sight = try CatalogueSight(principal, of: table, now: now, in: connection)
            let narrowed = try table.narrowed(sight.isVisible, to: query, in: connection)
            let fit = try table.fit(
                asked.words, in: sight, among: narrowed, isRanked: asked.sorts == .relevance, for: principal, now: now,
                in: connection)
            let answer = table.answer(
                asked, isVisible: narrowed, fit: fit, after: cursor, sortedBy: query.column(hasWords: fit.rows != nil))
            var items: [RepositorySummary] = []
            var shown = 0
            var bytes = 0
            let keys = answer.page.map(\.key)
            for start in stride(from: 0, to: keys.count, by: Self.portion)
            where bytes <= RepositoryStore.maximumPageBytes {
                let portion = Array(keys[start...].prefix(Self.portion))
                let found = try RepositoryStore.weighedSummaries(portion, for: principal, now: now, in: connection)
                for key in portion where bytes <= RepositoryStore.maximumPageBytes {
                    shown += 1
                    guard let one = found[key] else { continue }
                    bytes += one.bytes
                    items.append(one.summary)
                }
            }
            var next: RepositoryCursor?
            if shown > 0, answer.hasMore || shown < answer.page.count {
                let last = answer.page[shown - 1]
                if asked.sorts == .relevance {
                    var before = Int64(asked.offset)
                    if case .position(let count)? = cursor { before = count }
                    next = .position(before + Int64(shown))
                } else {
                    next = .row(value: last.value, key: last.key)
                }
            }
            return (items, next, Int64(answer.total))
        }
    }

    private static func asked(_ query: RepositoryQuery, after cursor: RepositoryCursor?) throws -> LocalCatalogueQuery {
        guard Set(query.tags.map(CardFacet.key)).count <= maximumTags else {
            throw HubError(.badRequest, "A list is narrowed by at most \(maximumTags) tags.")
        }
        var asked = LocalCatalogueQuery()
        asked.kind = query.kind
        asked.words = query.search.filter { !$0.isEmpty }
        asked.order = query.order == .relevance ? .relevance : .updated
        asked.isAscending = query.isAscending
        asked.limit = max(0, min(query.limit, 1_000))
        asked.mostOfPage = 1_000
        asked.offset = cursor == nil ? max(0, query.offset) : 0
        asked.counted = 0
        switch cursor {
        case nil: break
        case .position where asked.sorts == .relevance: break
        case .row where asked.sorts != .relevance: break
        default:
            throw HubError(.badRequest, "The cursor is not one of this list.", remedy: "Begin with the first page.")
        }
        return asked
    }
}

extension RepositoryQuery {
    /// Whether more than a kind is asked for: then the order of an index says little of where the answer is.
    var isNarrowed: Bool {
        search.contains { !$0.isEmpty } || author != nil || !tags.isEmpty || isGated != nil || origin != nil
    }

    /// What is sorted by; nil for how well words fit.
    fileprivate func column(hasWords: Bool) -> CatalogueTable.Column? {
        switch order {
        case .relevance: hasWords ? nil : .updated
        case .lastModified: .updated
        case .createdAt: .created
        case .downloads: .ownDownloads
        case .likes: .ownLikes
        }
    }
}

extension CatalogueTable {
    /// Which rows are left of these.
    fileprivate func narrowed(_ rows: [Bool], to query: RepositoryQuery, in connection: any Connection) throws -> [Bool]
    {
        var rows = rows
        if let author = query.author {
            let owner = Array(RepositoryID.key(author).utf8)
            for row in rows.indices where rows[row] && !self.owner(row).elementsEqual(owner) { rows[row] = false }
        }
        if let isGated = query.isGated {
            for row in rows.indices where gated[row] != isGated { rows[row] = false }
        }
        switch query.origin {
        case nil: break
        case .local:
            for row in rows.indices where standing(row) != .local { rows[row] = false }
        case .upstreams(let upstreams):
            var isThere = [Bool](repeating: false, count: count)
            for upstream in upstreams {
                try mark(
                    "SELECT id FROM repositories WHERE mirror = ? AND upstream = ?",
                    [.text(upstream.mirror), .text(upstream.upstream)], in: &isThere, connection)
            }
            for row in rows.indices where !isThere[row] { rows[row] = false }
        }
        for tag in Set(query.tags.map(CardFacet.key)).sorted() {
            var isThere = [Bool](repeating: false, count: count)
            try mark(
                """
                SELECT repository_id FROM repository_facets WHERE tag_key = ?
                UNION ALL SELECT repository_id FROM repository_tags WHERE LOWER(flat) = ?
                """, [.text(tag), .text(tag)], in: &isThere, connection)
            for row in rows.indices where !isThere[row] { rows[row] = false }
        }
        return rows
    }

    private func mark(_ sql: String, _ arguments: [Value], in rows: inout [Bool], _ connection: any Connection) throws {
        var reader = places.reader()
        try connection.forEachInteger(sql, arguments) { key in
            if let place = reader.row(of: key) { rows[Int(place)] = true }
        }
    }
}
