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

    /// - Parameters:
    ///   - isVisible: of each row.
    ///   - column: what is sorted by instead of what the query says.
    func answer(
        _ query: LocalCatalogueQuery, isVisible: [Bool], fit: Fit, after cursor: RepositoryCursor?,
        sortedBy column: Column? = nil
    ) -> Answer {
        var counts = [Int32](repeating: 0, count: query.counted > 0 ? values.count : 0)
        var answer = Answer(
            kinds: Array(repeating: 0, count: RepositoryKind.allCases.count), counts: [:], page: [], hasMore: false)
        let isRanked = column == nil && query.sorts == .relevance
        var top = Top(query, isRanked: isRanked, cursor)
        let sorted = numbers[(column ?? Column(query.sorts)).rawValue]
        fits(query, isVisible, fit, &counts, &answer) { row in
            let value = sorted[row]
            guard top.mayTake(value) else { return }
            top.offer(
                Place(
                    row: row, rank: isRanked && !fit.ranks.isEmpty ? Int(fit.ranks[row]) : 0,
                    score: isRanked && !fit.scores.isEmpty ? fit.scores[keys[row]] ?? 0 : 0, value: value,
                    key: keys[row]))
        }
        if query.counted > 0 { answer.counts = ordered(counts, query) }
        (answer.page, answer.hasMore) = top.page()
        answer.previous = top.previous()
        return answer
    }

    /// Goes through all rows, and counts. This is most of what a list takes, so nothing in it is looked up twice or
    /// reached through anything but plain memory.
    private func fits(
        _ query: LocalCatalogueQuery, _ isVisible: [Bool], _ fit: Fit, _ counts: inout [Int32], _ answer: inout Answer,
        _ take: (Int) -> Void
    ) {
        let asked = Asked(query.chosen, in: self)
        let kind = query.kind.map(Self.number)
        let countsValues = query.counted > 0
        var total = 0
        var ofKind = [Int](repeating: 0, count: answer.kinds.count)
        let isFit = fit.rows ?? []
        let hasWords = fit.rows != nil
        let told = told(query.standings)
        kinds.withUnsafeBufferPointer { kinds in
            facets.withUnsafeBufferPointer { facets in
                facetStart.withUnsafeBufferPointer { starts in
                    facetCount.withUnsafeBufferPointer { lengths in
                        valueBits.withUnsafeBufferPointer { bits in
                            counts.withUnsafeMutableBufferPointer { counts in
                                func pass(_ row: Int, _ said: UnsafeBufferPointer<Int32>) {
                                    let itsKind = kinds[row]
                                    let missed = asked.missed(said)
                                    if missed == 0 { ofKind[Int(itsKind)] += 1 }
                                    if let kind, itsKind != kind { return }
                                    if missed == 0 {
                                        total += 1
                                        if countsValues { for value in said { counts[Int(value)] &+= 1 } }
                                        take(row)
                                    } else if countsValues, missed & (missed &- 1) == 0, missed & asked.all == 0 {
                                        // All but one group: it counts for what else could be asked for there.
                                        for value in said where bits[Int(value)] == missed { counts[Int(value)] &+= 1 }
                                    }
                                }
                                for row in 0..<kinds.count {
                                    guard kinds[row] != Self.gone, isVisible[row], !hasWords || isFit[row] else {
                                        continue
                                    }
                                    let said = UnsafeBufferPointer(
                                        rebasing: facets[Int(starts[row])..<Int(starts[row]) + Int(lengths[row])])
                                    guard !told.isEmpty, let standing = told[row] else {
                                        pass(row, said)
                                        continue
                                    }
                                    said.map { bits[Int($0)] == CatalogueGroup.state.bit ? standing : $0 }
                                        .withUnsafeBufferPointer { pass(row, $0) }
                                }
                            }
                        }
                    }
                }
            }
        }
        answer.total = total
        answer.kinds = ofKind
    }

    /// The standings that are told of rows, by the numbers of their values.
    private func told(_ standings: [Int64: CatalogueStanding]) -> [Int: Int32] {
        var told: [Int: Int32] = [:]
        for (key, standing) in standings {
            if let place = places[key], let value = value(.state, standing.rawValue) { told[Int(place)] = value }
        }
        return told
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
    func missed(_ said: UnsafeBufferPointer<Int32>) -> UInt16 {
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

extension CatalogueTable.Column {
    /// What an order sorts by; what fits alike, by when it changed.
    init(_ order: LocalCatalogueQuery.Order) {
        self =
            switch order {
            case .relevance, .updated: .updated
            case .created: .created
            case .likes: .likes
            case .downloads: .downloads
            case .size: .size
            case .parameters: .parameters
            }
    }
}

/// The best places after a cursor, as many as a page holds and one more.
private struct Top {
    /// Above this many, places are put in order at the end instead of each into its place.
    private static let few = 128

    private let limit: Int
    private let order: PlaceOrder
    private let after: (value: Int64, key: Int64)?
    private let skipped: Int
    private let isKeptInOrder: Bool
    private var best: [CatalogueTable.Place] = []
    /// The worst place that was kept when the rest was thrown away.
    private var bound: CatalogueTable.Place?
    /// The worst value that has a place; nil while there is room, or where more counts than the value.
    private var worst: Int64?
    /// The places nearest to the cursor of those before it, the nearest first: a page of them, and one more.
    private var nearest: [CatalogueTable.Place] = []

    init(_ query: LocalCatalogueQuery, isRanked: Bool, _ cursor: RepositoryCursor?) {
        order = PlaceOrder(isRanked: isRanked, isAscending: query.isAscending && !isRanked)
        var after: (Int64, Int64)?
        var skipped = 0
        switch cursor {
        case .row(let value, let key) where !isRanked: after = (value, key)
        case .position(let count) where isRanked: skipped = Int(clamping: max(0, count))
        default: break
        }
        self.after = after
        self.skipped = skipped + max(0, min(query.offset, 1_000_000_000))
        limit = max(0, min(query.limit, query.mostOfPage)) + self.skipped
        isKeptInOrder = limit < Self.few
    }

    /// Whether a place with this value may be among the best.
    func mayTake(_ value: Int64) -> Bool {
        guard let worst else { return true }
        return order.isAscending ? value <= worst : value >= worst
    }

    mutating func offer(_ place: CatalogueTable.Place) {
        if let after {
            let isPast =
                order.isAscending
                ? (place.value, place.key) > (after.value, after.key)
                : (place.value, place.key) < (after.value, after.key)
            guard isPast else {
                // Only pages lead back, and pages are short.
                let order = order
                if isKeptInOrder { Self.keep(place, in: &nearest, limit) { order.isBefore($1, $0) } }
                return
            }
        }
        guard isKeptInOrder else { return collect(place) }
        Self.keep(place, in: &best, limit, order.isBefore)
        if best.count > limit, !order.isRanked { worst = best.last?.value }
    }

    /// Keeps a few times as many as are wanted, and throws the rest away now and then.
    private mutating func collect(_ place: CatalogueTable.Place) {
        if let bound, !order.isBefore(place, bound) { return }
        best.append(place)
        guard best.count >= 4 * (limit + 1) else { return }
        best.sort(by: order.isBefore)
        best.removeLast(best.count - limit - 1)
        bound = best.last
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

    mutating func page() -> (places: [CatalogueTable.Place], hasMore: Bool) {
        if !isKeptInOrder { best.sort(by: order.isBefore) }
        return (Array(best.prefix(limit).dropFirst(skipped)), best.count > limit)
    }
}

/// Which of two places comes first.
private struct PlaceOrder {
    let isRanked: Bool
    let isAscending: Bool

    func isBefore(_ left: CatalogueTable.Place, _ right: CatalogueTable.Place) -> Bool {
        if isRanked {
            if left.rank != right.rank { return left.rank < right.rank }
            if left.score != right.score { return left.score < right.score }
        }
        if isAscending { return (left.value, left.key) < (right.value, right.key) }
        return (left.value, left.key) > (right.value, right.key)
    }
}
