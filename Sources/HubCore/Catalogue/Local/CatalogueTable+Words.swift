import SQL

extension CatalogueTable {
    /// A word that more hold says nothing of which of two fits better, and to weigh it takes reading all of them.
    private static let maximumScored = 1_500

    /// What fits words: each is somewhere in the path, or begins a word of what everybody reads of the repository, or of
    /// its README where that may be read.
    /// - Parameters:
    ///   - sight: what the principal may see.
    ///   - rows: those of the visible that are looked at.
    ///   - isRanked: whether what fits better comes first.
    func fit(
        _ words: [String], in sight: CatalogueSight, among rows: [Bool], isRanked: Bool, for principal: Principal,
        now: Int64, in connection: any Connection
    ) throws -> Fit {
        let words = Array(words.filter { !$0.isEmpty }.prefix(SearchTerms.maximumWords))
        guard !words.isEmpty else { return Fit() }
        guard words.allSatisfy({ $0.utf8.count <= SearchTerms.maximumWordBytes && !$0.utf8.contains(0) }) else {
            return Fit(rows: Array(repeating: false, count: count))
        }
        var fit = Fit(rows: rows, ranks: Array(repeating: 0, count: count))
        for word in words {
            var found = try inTexts(
                word, among: fit.rows ?? rows, sight, for: principal, now: now, in: connection)
            // 3 is not at all.
            var nearness = [UInt8](repeating: 3, count: count)
            inPaths(word) { row, rank in
                found.rows[row] = true
                if rank < nearness[row] { nearness[row] = rank }
            }
            for row in 0..<count {
                fit.ranks[row] = min(200, fit.ranks[row] + nearness[row])
                if !found.rows[row] { fit.rows?[row] = false }
            }
            if isRanked, found.number <= Self.maximumScored {
                try weigh(word, into: &fit.scores, in: connection)
            }
        }
        return fit
    }

    /// How near paths come to a word: 0 for the name or the whole path, 1 for its beginning, 2 anywhere in it.
    private func inPaths(_ word: String, _ body: (_ row: Int, _ rank: UInt8) -> Void) {
        let pattern = Array(word.lowercased().utf8)
        let isPath = pattern.contains(UInt8(ascii: "/"))
        guard !pattern.isEmpty else { return }
        // One look through all paths, which a pattern without a zero in it cannot cross.
        var owner = 0
        text.withUnsafeBytes { text in
            BytePattern(bytes: pattern).each(in: text) { start in
                while owner + 1 < textOwners.count, Int(textOwners[owner + 1].start) <= start { owner += 1 }
                let row = Int(textOwners[owner].row)
                // An old path of a row that was read again since.
                guard textStart[row] == textOwners[owner].start, textCount[row] > 0 else { return }
                let isFirst = start == Int(textStart[row])
                let isName = !isFirst && text[start - 1] == UInt8(ascii: "/")
                if isPath ? isFirst : isName {
                    body(row, text[start + pattern.count] == 0 ? 0 : 1)
                } else {
                    body(row, 2)
                }
            }
        }
    }

    /// Which rows hold a word in their texts, and how many do whoever may see them.
    private func inTexts(
        _ word: String, among wanted: [Bool], _ sight: CatalogueSight, for principal: Principal, now: Int64,
        in connection: any Connection
    ) throws -> (rows: [Bool], number: Int) {
        var rows = [Bool](repeating: false, count: count)
        var number = 0
        guard let anywhere = connection.searchIndex.ids(word, in: SearchField.allCases) else { return (rows, 0) }
        // Of what stands behind no gate and is kept from nobody, everybody reads the README.
        let readsInternal = principal.user != nil && principal.token?.resources == nil
        var doubtful: [Int64] = []
        var reader = places.reader()
        try connection.forEachInteger(anywhere.sql, anywhere.arguments) { key in
            number += 1
            guard let place = reader.row(of: key), wanted[Int(place)] else { return }
            let row = Int(place)
            // 0 is public, 1 is internal.
            let isOpen = visibilities[row] == 0 || visibilities[row] == 1 && readsInternal
            if isOpen, !gated[row], sight.isOpen(key) { rows[row] = true } else { doubtful.append(key) }
        }
        guard !doubtful.isEmpty else { return (rows, number) }
        let readable = try readable(doubtful, for: principal, now: now, in: connection)
        for key in readable { if let place = places[key] { rows[Int(place)] = true } }
        guard readable.count < doubtful.count,
            let outside = connection.searchIndex.ids(word, in: SearchField.outer)
        else { return (rows, number) }
        let unread = Set(doubtful).subtracting(readable)
        try connection.forEachInteger(outside.sql, outside.arguments) { key in
            if unread.contains(key), let place = places[key] { rows[Int(place)] = true }
        }
        return (rows, number)
    }

    /// Those of these repositories whose READMEs a principal may read.
    private func readable(_ keys: [Int64], for principal: Principal, now: Int64, in connection: any Connection) throws
        -> Set<Int64>
    {
        var arguments: [Value] = []
        let condition = RepositoryStore.contentCondition(for: principal, now: now, arguments: &arguments)
        var readable: Set<Int64> = []
        for start in stride(from: 0, to: keys.count, by: 500) {
            let some = keys[start...].prefix(500).map(String.init).joined(separator: ", ")
            try connection.forEachInteger(
                "SELECT r.id FROM repositories r WHERE r.id IN (\(some)) AND \(condition)", arguments
            ) { readable.insert($0) }
        }
        return readable
    }

    private func weigh(_ word: String, into scores: inout [Int64: Double], in connection: any Connection) throws {
        guard let scored = connection.searchIndex.matches(word, in: SearchField.outer) else { return }
        try connection.forEach("\(scored.sql) LIMIT \(Self.maximumScored)", scored.arguments) { row in
            scores[try row.integer("id"), default: 0] += try row.real("score")
            return true
        }
    }
}
