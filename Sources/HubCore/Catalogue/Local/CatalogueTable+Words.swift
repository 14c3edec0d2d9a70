import SQL

extension CatalogueTable {
    /// Rows whose texts are scored, at most: beyond them nobody sees which of two fits better.
    private static let maximumScored = 1_500

    /// What fits words: each is somewhere in the path, or begins a word of what everybody reads of the repository, or of
    /// its README where that may be read.
    func fit(_ words: [String], for principal: Principal, now: Int64, in connection: any Connection) throws -> Fit {
        let words = Array(words.filter { !$0.isEmpty }.prefix(SearchTerms.maximumWords))
        guard !words.isEmpty else { return Fit() }
        var rows = Array(repeating: true, count: count)
        var ranks = Array(repeating: UInt8(0), count: count)
        for word in words {
            guard word.utf8.count <= SearchTerms.maximumWordBytes, !word.utf8.contains(0) else {
                return Fit(rows: Array(repeating: false, count: count))
            }
            var found = try inTexts(word, for: principal, now: now, in: connection)
            let pattern = Array(word.lowercased().utf8)
            pattern.withUnsafeBufferPointer { pattern in
                text.withUnsafeBufferPointer { text in
                    for row in 0..<count {
                        let rank = nearness(row, pattern, in: text)
                        ranks[row] = min(200, ranks[row] + rank)
                        if rank < 3 { found[row] = true }
                        if !found[row] { rows[row] = false }
                    }
                }
            }
        }
        var fit = Fit(rows: rows, ranks: ranks)
        let matching = rows.reduce(0) { $0 + ($1 ? 1 : 0) }
        if matching <= Self.maximumScored {
            for word in words {
                guard let scored = connection.searchIndex.matches(word, in: SearchField.outer) else { continue }
                try connection.forEach("\(scored.sql) LIMIT \(Self.maximumScored)", scored.arguments) { row in
                    fit.scores[try row.integer("id"), default: 0] += try row.real("score")
                    return true
                }
            }
        }
        return fit
    }

    /// How near a path comes to a word: 0 for its name, 1 where the name begins so, 2 anywhere in it, 3 for not at all.
    private func nearness(_ row: Int, _ pattern: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>)
        -> UInt8
    {
        guard let first = pattern.first else { return 3 }
        let start = Int(textStart[row])
        let last = start + Int(textCount[row]) - pattern.count
        var best: UInt8 = 3
        var index = start
        search: while index <= last {
            defer { index += 1 }
            guard text[index] == first else { continue }
            for offset in 1..<max(1, pattern.count) where text[index + offset] != pattern[offset] { continue search }
            guard index > start, text[index - 1] == UInt8(ascii: "/") else {
                best = min(best, 2)
                continue
            }
            return index == last ? 0 : 1
        }
        return best
    }

    private func inTexts(_ word: String, for principal: Principal, now: Int64, in connection: any Connection) throws
        -> [Bool]
    {
        var found = [Bool](repeating: false, count: count)
        for key in try connection.searchIndex.keys(of: word, in: SearchField.outer, in: connection) {
            if let place = places[key] { found[Int(place)] = true }
        }
        // Of what stands behind no gate and is kept from nobody, everybody reads the README.
        let denial = try connection.first("SELECT 1 AS n FROM grants WHERE effect = 'deny' LIMIT 1")
        var doubtful: [Int64] = []
        for key in try connection.searchIndex.keys(of: word, in: [.body], in: connection) {
            guard let place = places[key], !found[Int(place)] else { continue }
            if denial == nil, visibilities[Int(place)] == 0, !gated[Int(place)] {
                found[Int(place)] = true
            } else {
                doubtful.append(key)
            }
        }
        var arguments: [Value] = []
        let readable = RepositoryStore.contentCondition(for: principal, now: now, arguments: &arguments)
        for start in stride(from: 0, to: doubtful.count, by: 500) {
            let keys = doubtful[start...].prefix(500).map(String.init).joined(separator: ", ")
            try connection.forEach("SELECT r.id FROM repositories r WHERE r.id IN (\(keys)) AND \(readable)", arguments)
            {
                if let place = places[try $0.integer("id")] { found[Int(place)] = true }
                return true
            }
        }
        return found
    }
}

extension SearchIndex {
    /// The keys of all that hold a word, read in one piece.
    fileprivate func keys(of word: String, in fields: [SearchField], in connection: any Connection) throws -> [Int64] {
        guard let found = ids(word, in: fields) else { return [] }
        let all = try connection.first("SELECT GROUP_CONCAT(k.id) AS keys FROM (\(found.sql)) k", found.arguments)
        return try all?.optionalText("keys")?.utf8.split(separator: UInt8(ascii: ",")).map { digits in
            digits.reduce(0) { $0 &* 10 &+ Int64($1 &- 48) }
        } ?? []
    }
}
