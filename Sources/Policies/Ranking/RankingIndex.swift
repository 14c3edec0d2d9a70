/// Everything that may be recommended, prepared so that a scene is ranked in milliseconds.
///
/// Built now and then from what is known; a value, so that rankings go on with the one they began with.
package struct RankingIndex: Sendable {
    package let items: [RankingItem]
    let places: [String: Int]
    let vectors: FeatureVectors
    let lineage: LineageGraph
    let neighbours: UsageNeighbours
    let popularity: [Float]
    let trend: [Float]
    let quality: [Float]
    /// Numbers of tasks and kinds, -1 for none.
    let tasks: [Int32]
    let taskNumbers: [String: Int32]
    let kinds: [Int32]
    let kindNumbers: [String: Int32]
    let totals: [Float]
    /// What scenes ask of each item, in arrays of numbers: items hold texts, and a hundred thousand of those are slow to
    /// pass by.
    let outcomes: [Decision.Outcome]
    let flags: [UInt32]
    /// Bytes that the weights take in memory; 0 where the size is not known.
    let weightMemory: [Double]
    let tokenMemory: [Double]
    /// What each user used, in the order of time.
    let histories: [String: [Int32]]

    /// - Parameters:
    ///   - items: of one name of a kind only the first counts.
    ///   - usage: who used what; what is no item is left out.
    ///   - now: milliseconds since 1970.
    /// - Complexity: O(n log n) in items, and the squares of the lengths of users' histories.
    package init(_ items: [RankingItem], usage: [Usage] = [], now: Int64) {
        var places: [String: Int] = [:]
        var kept: [RankingItem] = []
        kept.reserveCapacity(items.count)
        for item in items where places[item.key] == nil {
            places[item.key] = kept.count
            kept.append(item)
        }
        self.items = kept
        self.places = places
        let lineage = LineageGraph(kept, places: places)
        self.lineage = lineage
        vectors = FeatureVectors(kept.enumerated().map { Self.words(of: $1, family: lineage.families[$0]) })
        popularity = PercentileRank.ranks(
            kept.map {
                Powers.logOnePlus(Double($0.downloads ?? 0)) + 0.5 * Powers.logOnePlus(Double($0.likes ?? 0))
            })
        (tasks, taskNumbers) = Self.numbered(kept.map { $0.task?.lowercased() })
        (kinds, kindNumbers) = Self.numbered(kept.map(\.kind))
        trend = Trend.standardised(kept.map { Trend.score($0, now: now) }, groups: tasks)
        quality = Self.quality(kept)
        totals = kept.map { Float($0.marginalBytes ?? -1) }
        outcomes = kept.map(\.licenseOutcome)
        flags = kept.map { Self.bits($0.licenseFlags) }
        weightMemory = kept.map { ($0.size?.weightBytes ?? 0) * 1.2 }
        tokenMemory = kept.map { $0.size?.tokenBytes ?? 0 }
        var histories: [String: [Int32]] = [:]
        var used: Set<UserItem> = []
        for use in usage.sorted(by: { $0.at < $1.at }) {
            guard let place = places[use.item],
                used.insert(UserItem(user: use.user, item: Int32(clamping: place))).inserted
            else { continue }
            histories[use.user, default: []].append(Int32(clamping: place))
        }
        self.histories = histories
        neighbours = UsageNeighbours(
            histories.sorted { $0.key < $1.key }.map(\.value), itemCount: kept.count)
    }

    private struct UserItem: Hashable {
        let user: String
        let item: Int32
    }

    /// What an organisation or a person used so far, as a scene has it: the newest count most.
    package func history(of user: String) -> [String: Double] {
        var history: [String: Double] = [:]
        let used = histories[user] ?? []
        for (age, place) in used.reversed().prefix(200).enumerated() {
            history[items[Int(place)].key] = Powers.power(0.97, Double(age))
        }
        return history
    }

    /// Each flag as one bit.
    static func bits(_ flags: Set<LicenseFlag>) -> UInt32 {
        var bits: UInt32 = 0
        for (place, flag) in LicenseFlag.allCases.enumerated() where flags.contains(flag) { bits |= 1 << UInt32(place) }
        return bits
    }

    func place(_ path: String, kind: String) -> Int? { places["\(kind):\(path.lowercased())"] }

    private static func numbered(_ words: [String?]) -> ([Int32], [String: Int32]) {
        var numbers: [String: Int32] = [:]
        let places = words.map { word -> Int32 in
            guard let word else { return -1 }
            let next = Int32(clamping: numbers.count)
            let number = numbers[word, default: next]
            if number == next { numbers[word] = next }
            return number
        }
        return (places, numbers)
    }

    /// What is said here counts for itself; elsewhere, how many of those who took it liked it, against all others.
    private static func quality(_ items: [RankingItem]) -> [Float] {
        let liked = PercentileRank.ranks(
            items.map {
                WilsonBound.lower(positive: Double($0.likes ?? 0), total: Double(max($0.downloads ?? 0, $0.likes ?? 0)))
            })
        return items.enumerated().map { place, item in
            let votes = Double(max(0, item.approvals)) + Double(max(0, item.rejections))
            guard votes > 0 else { return liked[place] }
            return Float(WilsonBound.lower(positive: Double(max(0, item.approvals)), total: votes))
        }
    }

    private static func words(of item: RankingItem, family: Int32) -> [String] {
        var words: [String] = ["owner:\(item.owner.lowercased())", "family:\(item.kind):\(family)"]
        if let task = item.task { words.append("task:\(task.lowercased())") }
        if let library = item.library { words.append("library:\(library.lowercased())") }
        words += item.languages.prefix(8).map { "language:\($0.lowercased())" }
        if let size = item.size, size.parameters > 0 {
            words.append("size:\(Int(Powers.naturalLog(Double(size.parameters)) / Powers.naturalLog(2)))")
        }
        words += item.tags.lazy.filter { !$0.contains(":") }.prefix(16).map { $0.lowercased() }
        words += item.datasets.prefix(8).map { "dataset:\($0.lowercased())" }
        return words
    }
}
