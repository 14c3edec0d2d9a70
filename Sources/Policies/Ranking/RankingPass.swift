/// One scene over all items of an index.
package struct RankingPass: Sendable {
    private let index: RankingIndex
    private let scene: RankingScene
    private var scores: [Float]
    private var exclusions: [Ranking.Exclusion: Int] = [:]
    private var isExcluded: [Bool]
    /// Values of each signal that counts for this scene.
    private var values: [(signal: RankingSignal, weight: Float, values: [Float])] = []
    private let seeds: [(item: Int, weight: Float)]
    private let liked: Int?

    /// - Complexity: O(features of all items).
    package init(_ index: RankingIndex, _ scene: RankingScene) {
        self.index = index
        self.scene = scene
        scores = [Float](repeating: 0, count: index.items.count)
        isExcluded = [Bool](repeating: false, count: index.items.count)
        liked = scene.like.flatMap { index.place($0, kind: "model") ?? index.place($0, kind: scene.kind) }
        seeds = scene.history.compactMap { key, weight in
            let place = index.places[key.lowercased()] ?? index.place(key, kind: scene.kind)
            return place.map { ($0, Float(max(0, weight))) }
        }.sorted { $0.item < $1.item }
        exclude()
        gather()
    }

    // MARK: What is left out

    private mutating func exclude() {
        let kind = index.kindNumbers[scene.kind] ?? -2
        let task = scene.task.map { index.taskNumbers[$0.lowercased()] ?? -2 }
        var flags = scene.excludedFlags
        // Terms that nobody knows are not known to be commercial.
        if scene.isCommercial { flags.formUnion([.nonCommercial, .noInformation]) }
        let bits = RankingIndex.bits(flags)
        let used = Set(scene.excludesHistory ? seeds.map(\.item) : [])
        for place in index.items.indices {
            guard index.kinds[place] == kind else {
                isExcluded[place] = true
                continue
            }
            if let reason = exclusion(of: place, task: task, flags: bits, used: used) {
                isExcluded[place] = true
                exclusions[reason, default: 0] += 1
            }
        }
    }

    private func exclusion(of place: Int, task: Int32?, flags: UInt32, used: Set<Int>) -> Ranking.Exclusion? {
        if place == liked || (!used.isEmpty && used.contains(place)) { return .used }
        if index.outcomes[place] == .deny { return .denied }
        if index.outcomes[place] == .review, scene.excludesReview { return .review }
        if let task, index.tasks[place] != task { return .task }
        if index.flags[place] & flags != 0 { return .licenseFlag }
        if let memory = scene.memory, scene.kind == "model" {
            guard index.weightMemory[place] > 0 else { return .unknownSize }
            if needed(place) >= Double(memory) { return .memory }
        }
        return nil
    }

    /// Bytes of memory that a model takes with the scene's context.
    private func needed(_ place: Int) -> Double {
        index.weightMemory[place] + index.tokenMemory[place] * Double(max(0, scene.context))
    }

    // MARK: What counts

    private mutating func gather() {
        let count = index.items.count
        add(.popularity, index.popularity)
        add(.trend, index.trend)
        add(.quality, index.quality)
        add(.license, index.outcomes.map { $0 == .allow ? 1 : 0.4 })
        if let memory = scene.memory, scene.kind == "model" {
            var fit = [Float](repeating: 0, count: count)
            for place in fit.indices where !isExcluded[place] {
                fit[place] = Float(HardwareFit.score(needed: needed(place), memory: memory))
            }
            add(.hardware, fit)
        }
        if let wanted = wantedProfile {
            var match = [Float](repeating: 0, count: count)
            index.vectors.similarities(to: wanted, into: &match)
            add(.task, Self.scaled(match))
        }
        if let near = nearness { add(.lineage, near) }
        if !seeds.isEmpty { add(.org, usage) }
        add(.cost, cost)
        let all = max(values.reduce(0) { $0 + $1.weight }, 1e-6)
        for (position, signal) in values.enumerated() {
            let share = signal.weight / all
            values[position].weight = share
            signal.values.withUnsafeBufferPointer { signal in
                scores.withUnsafeMutableBufferPointer { scores in
                    for place in scores.indices { scores[place] += share * signal[place] }
                }
            }
        }
    }

    private mutating func add(_ signal: RankingSignal, _ signalValues: [Float]) {
        let weight = Float(scene.weight(signal))
        guard weight > 0 else { return }
        values.append((signal, weight, signalValues))
    }

    /// What was asked for in words, as an item that had all of it would say it.
    private var wantedProfile: [Float]? {
        var words: [String] = scene.words.map { $0.lowercased() }
        if let task = scene.task { words.append("task:\(task.lowercased())") }
        words += scene.languages.map { "language:\($0.lowercased())" }
        if let library = scene.library { words.append("library:\(library.lowercased())") }
        var profile = [Float](repeating: 0, count: index.vectors.featureCount)
        var isEmpty = true
        for word in words {
            guard let feature = index.vectors.identifiers[word] else { continue }
            profile[Int(feature)] = 1
            isEmpty = false
        }
        if let liked, scene.kind == index.items[liked].kind, let like = index.vectors.profile([(liked, 1)]) {
            for feature in profile.indices { profile[feature] += like[feature] }
            isEmpty = false
        }
        return isEmpty ? nil : profile
    }

    private var nearness: [Float]? {
        if let liked {
            guard scene.kind == index.items[liked].kind else { return dataNearness(of: liked) }
            return spread(index.lineage.nearness(to: [(liked, 1)]))
        }
        guard !seeds.isEmpty else { return nil }
        return index.lineage.familiarity(of: seeds)
    }

    /// Data sets for a model: what its own family was trained on first, then what models of its task were.
    private func dataNearness(of model: Int) -> [Float] {
        var counts: [Int: Float] = [:]
        let family = index.lineage.families[model]
        for (place, item) in index.items.enumerated() where !item.datasets.isEmpty {
            let isFamily = index.lineage.families[place] == family
            let isTask = index.tasks[place] >= 0 && index.tasks[place] == index.tasks[model]
            guard isFamily || isTask else { continue }
            for name in item.datasets {
                guard let data = index.place(name, kind: scene.kind) else { continue }
                counts[data, default: 0] += isFamily ? 1 : 0.2
            }
        }
        let most = max(counts.values.max() ?? 1, 1)
        var near = [Float](repeating: 0, count: index.items.count)
        for (place, count) in counts { near[place] = (count / most).squareRoot() }
        return near
    }

    /// Those who use the same, and what is like what is used, by what they say of themselves.
    private var usage: [Float] {
        var values = [Float](repeating: 0, count: index.items.count)
        if let profile = index.vectors.profile(seeds) {
            index.vectors.similarities(to: profile, into: &values)
            values = Self.scaled(values)
        }
        let common = index.neighbours.scores(for: seeds)
        guard let most = common.values.max(), most > 0 else { return values }
        for place in values.indices { values[place] *= 0.6 }
        for (place, score) in common { values[Int(place)] += 0.4 * score / most }
        return values
    }

    private var cost: [Float] {
        // Half at this many bytes, where nobody said what may be fetched.
        let gentle: Float = 50 * Float(1 << 30)
        let budget = scene.downloadBudget.map { Float(max(1, $0)) }
        return index.totals.map { bytes in
            guard bytes >= 0 else { return 0.3 }
            if let budget { return max(0, 1 - bytes / budget) }
            return gentle / (gentle + bytes)
        }
    }

    private func spread(_ values: [Int32: Float]) -> [Float] {
        var spread = [Float](repeating: 0, count: index.items.count)
        for (place, value) in values { spread[Int(place)] = value }
        return spread
    }

    private static func scaled(_ values: [Float]) -> [Float] {
        guard let most = values.max(), most > 0 else { return values }
        return values.map { $0 / most }
    }

    // MARK: What comes out

    /// What may be recommended, the best first: more than are asked for, so that some may be refused.
    package var candidates: [RankingItem] { best(max(50, min(1_000, scene.limit &* 20))).map { index.items[$0] } }

    /// A list of candidates that are allowed, not all alike, with their reasons.
    package func ranking(of candidates: [RankingItem], isAllowed: (RankingItem) -> Bool) -> Ranking {
        var excluded = exclusions
        var admitted: [Int] = []
        for item in candidates where admitted.count < max(20, scene.limit &* 5) {
            guard let place = index.places[item.key] else { continue }
            if isAllowed(item) {
                admitted.append(place)
            } else {
                excluded[.denied, default: 0] += 1
            }
        }
        let chosen = Diversification.choose(scene.limit, among: admitted, scores: scores, in: index)
        return Ranking(
            items: chosen.map {
                RankedItem(item: index.items[$0], score: Double(scores[$0]), reasons: reasons(for: $0))
            }, considered: index.items.count, excluded: excluded)
    }

    /// The best of what was not left out. O(n + k log k).
    private func best(_ count: Int) -> [Int] {
        var heap = BestPlaces(limit: count)
        for place in scores.indices where !isExcluded[place] { heap.offer(scores[place], place) }
        return heap.sorted
    }

    /// Every signal that counts, what contributes most first.
    private func reasons(for place: Int) -> [RankedItem.Reason] {
        values.map { signal, weight, values in
            RankedItem.Reason(
                signal: signal, value: Double(values[place]), weight: Double(weight),
                text: RankingReasons(index: index, scene: scene, place: place, liked: liked).text(
                    signal, value: values[place]))
        }.sorted { ($0.value * $0.weight, $1.signal.rawValue) > ($1.value * $1.weight, $0.signal.rawValue) }
    }
}
