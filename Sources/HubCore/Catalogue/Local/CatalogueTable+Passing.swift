/// Going through the table once: which repositories fit, how many say what, and which stand on a page.
extension CatalogueTable {
    struct Answer {
        var total = 0
        var kinds: [Int]
        var counts: [CatalogueGroup: [LocalCataloguePage.Count]]
        /// The page's rows in order, and what they are sorted by.
        var page: [Place]
        var hasMore: Bool
        var previous: PreviousPage?
    }

    struct Place {
        let row: Int
        /// Smaller is better.
        let rank: Int
        let score: Double
        let value: Int64
        let key: Int64
    }

    /// What words fit of a repository.
    struct Fit {
        /// For each row whether it fits; nil without words.
        var rows: [Bool]?
        /// How near its name comes to the words, 0 for the name itself; empty where nothing is ranked.
        var ranks: [UInt8] = []
        /// How well texts fit, the smaller the better.
        var scores: [Int64: Double] = [:]
    }

    /// - Parameter isVisible: of each row.
    func answer(_ query: LocalCatalogueQuery, isVisible: [Bool], fit: Fit, after cursor: RepositoryCursor?) -> Answer {
        let kind = query.kind.map(Self.number)
        let asked = Asked(query.chosen, in: self)
        var counts = [Int32](repeating: 0, count: values.count)
        var answer = Answer(
            kinds: Array(repeating: 0, count: RepositoryKind.allCases.count), counts: [:], page: [], hasMore: false)
        var top = Top(query, cursor)
        let told = told(query.standings)
        values.withUnsafeBufferPointer { values in
            facets.withUnsafeBufferPointer { facets in
                counts.withUnsafeMutableBufferPointer { counts in
                    func pass(_ row: Int, _ said: Slice<UnsafeBufferPointer<Int32>>) {
                        let missed = asked.missed(said)
                        if missed == 0 { answer.kinds[Int(kinds[row])] += 1 }
                        if let kind, kinds[row] != kind { return }
                        if missed == 0 {
                            answer.total += 1
                            for value in said { counts[Int(value)] += 1 }
                            top.offer(place(of: row, query, fit))
                        } else if missed & (missed - 1) == 0, missed & asked.all == 0 {
                            // All but one group: it counts for what else could be asked for there.
                            for value in said where values[Int(value)].group.bit == missed {
                                counts[Int(value)] += 1
                            }
                        }
                    }
                    for row in kinds.indices where kinds[row] != Self.gone && isVisible[row] {
                        if let rows = fit.rows, !rows[row] { continue }
                        let said = facets[Int(facetStart[row])..<Int(facetStart[row] + facetCount[row])]
                        guard let standing = told[row] else {
                            pass(row, said)
                            continue
                        }
                        said.map { values[Int($0)].group == .state ? standing : $0 }
                            .withUnsafeBufferPointer { pass(row, $0[...]) }
                    }
                }
            }
        }
        answer.counts = ordered(counts, query)
        (answer.page, answer.hasMore) = top.page()
        answer.previous = top.previous()
        return answer
    }

    /// The standings that are told of rows, by the numbers of their values.
    private func told(_ standings: [Int64: CatalogueStanding]) -> [Int: Int32] {
        var told: [Int: Int32] = [:]
        for (key, standing) in standings {
            if let place = places[key], let value = value(.state, standing.rawValue) { told[Int(place)] = value }
        }
        return told
    }

    private func place(of row: Int, _ query: LocalCatalogueQuery, _ fit: Fit) -> Place {
        let key = keys[row]
        let column: Column =
            switch query.sorts {
            case .relevance, .updated: .updated
            case .created: .created
            case .likes: .likes
            case .downloads: .downloads
            case .size: .size
            case .parameters: .parameters
            }
        let isRanked = query.sorts == .relevance
        return Place(
            row: row, rank: isRanked && !fit.ranks.isEmpty ? Int(fit.ranks[row]) : 0,
            score: isRanked ? fit.scores[key] ?? 0 : 0, value: number(column, row), key: key)
    }

    /// What was counted, by group; what is asked for is always named.
    private func ordered(_ counts: [Int32], _ query: LocalCatalogueQuery) -> [CatalogueGroup:
        [LocalCataloguePage.Count]]
    {
        var groups: [CatalogueGroup: [(value: Int, count: Int32)]] = [:]
        for (value, count) in counts.enumerated() where count > 0 {
            groups[values[value].group, default: []].append((value, count))
        }
        var ordered: [CatalogueGroup: [LocalCataloguePage.Count]] = [:]
        for (group, found) in groups {
            ordered[group] = found.sorted {
                $0.count != $1.count ? $0.count > $1.count : values[$0.value].key < values[$1.value].key
            }.prefix(query.counted).map {
                LocalCataloguePage.Count(
                    value: values[$0.value].key, label: values[$0.value].label, count: Int($0.count))
            }
        }
        for (group, chosen) in query.chosen {
            for key in chosen.map({ $0.lowercased() }).sorted()
            where ordered[group]?.contains(where: { $0.value == key }) != true {
                let value = value(group, key).map { Int($0) }
                ordered[group, default: []].append(
                    LocalCataloguePage.Count(
                        value: key, label: value.map { values[$0].label } ?? key,
                        count: value.map { Int(counts[$0]) } ?? 0))
            }
        }
        return ordered
    }
}

/// What is asked for, by the numbers of what repositories say.
private struct Asked {
    /// Groups of which something is asked for.
    private var groups: UInt16 = 0
    /// Those of them in which each thing has to be said.
    private(set) var all: UInt16 = 0
    /// For each value the group it is asked for in, or 0: looked up a million times.
    private var wanted: [UInt16]
    private var needed = 0
    /// Whether something is asked for in such a group that no repository says.
    private var isHopeless = false

    init(_ chosen: [CatalogueGroup: Set<String>], in table: CatalogueTable) {
        wanted = Array(repeating: 0, count: chosen.isEmpty ? 0 : table.values.count)
        for (group, keys) in chosen where !keys.isEmpty {
            groups |= group.bit
            if group.asksForAll { all |= group.bit }
            for key in Set(keys.map { $0.lowercased() }) {
                guard let value = table.value(group, key) else {
                    if group.asksForAll { isHopeless = true }
                    continue
                }
                wanted[Int(value)] = group.bit
                if group.asksForAll { needed += 1 }
            }
        }
    }

    /// The groups in which a repository says nothing that is asked for.
    func missed(_ said: Slice<UnsafeBufferPointer<Int32>>) -> UInt16 {
        guard groups != 0 else { return 0 }
        var met: UInt16 = 0
        var found = 0
        wanted.withUnsafeBufferPointer { wanted in
            for value in said {
                let bit = wanted[Int(value)]
                if bit == 0 { continue }
                if bit & all == 0 { met |= bit } else { found += 1 }
            }
        }
        if all != 0, !isHopeless, found == needed { met |= all }
        return groups & ~met
    }
}

/// The best places after a cursor, as many as a page holds and one more.
private struct Top {
    private let limit: Int
    private let isRanked: Bool
    private let after: (value: Int64, key: Int64)?
    private let skipped: Int
    private var best: [CatalogueTable.Place] = []
    /// The places nearest to the cursor of those before it, the nearest first: a page of them, and one more.
    private var nearest: [CatalogueTable.Place] = []

    init(_ query: LocalCatalogueQuery, _ cursor: RepositoryCursor?) {
        isRanked = query.sorts == .relevance
        var after: (Int64, Int64)?
        var skipped = 0
        switch cursor {
        case .row(let value, let key) where !isRanked: after = (value, key)
        case .position(let count) where isRanked: skipped = Int(clamping: min(count, 10_000))
        default: break
        }
        self.after = after
        self.skipped = skipped
        limit = max(1, min(query.limit, 100)) + skipped
    }

    mutating func offer(_ place: CatalogueTable.Place) {
        if let after, !(place.value < after.value || place.value == after.value && place.key < after.key) {
            Self.keep(place, in: &nearest, limit) { Self.isBefore($1, $0, isRanked: false) }
        } else {
            let isRanked = isRanked
            Self.keep(place, in: &best, limit) { Self.isBefore($0, $1, isRanked: isRanked) }
        }
    }

    private static func keep(
        _ place: CatalogueTable.Place, in kept: inout [CatalogueTable.Place], _ limit: Int,
        _ isBefore: (CatalogueTable.Place, CatalogueTable.Place) -> Bool
    ) {
        if kept.count > limit, let last = kept.last, !isBefore(place, last) { return }
        var low = 0
        var high = kept.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(place, kept[middle]) { high = middle } else { low = middle + 1 }
        }
        kept.insert(place, at: low)
        if kept.count > limit + 1 { kept.removeLast() }
    }

    /// Where the page before this one begins; nil on the first.
    func previous() -> PreviousPage? {
        let length = limit - skipped
        guard after != nil else {
            guard skipped > 0 else { return nil }
            return skipped > length ? .after(.position(Int64(skipped - length))) : .first
        }
        // Nothing before the cursor is left: what is shown is the first page by now.
        guard !nearest.isEmpty else { return nil }
        guard nearest.count > length, let last = nearest.last else { return .first }
        return .after(.row(value: last.value, key: last.key))
    }

    private static func isBefore(_ left: CatalogueTable.Place, _ right: CatalogueTable.Place, isRanked: Bool) -> Bool {
        if isRanked {
            if left.rank != right.rank { return left.rank < right.rank }
            if left.score != right.score { return left.score < right.score }
        }
        return left.value != right.value ? left.value > right.value : left.key > right.key
    }

    func page() -> (places: [CatalogueTable.Place], hasMore: Bool) {
        (Array(best.prefix(limit).dropFirst(skipped)), best.count > limit)
    }
}
