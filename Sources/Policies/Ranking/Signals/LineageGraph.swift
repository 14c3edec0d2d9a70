/// Who derives from whom among the items of an index.
struct LineageGraph: Sendable {
    private(set) var parents: [[(item: Int32, relation: RankingItem.Base.Relation)]]
    private(set) var children: [[(item: Int32, relation: RankingItem.Base.Relation)]]
    private(set) var successors: [Int32?]
    /// Items that replaced something.
    private(set) var predecessors: [[Int32]]
    /// Names of the oldest known ancestor, as numbers: the family. Also of ancestors that are no items.
    private(set) var families: [Int32]

    private static let deepestFamily = 32

    init(_ items: [RankingItem], places: [String: Int]) {
        parents = Array(repeating: [], count: items.count)
        children = Array(repeating: [], count: items.count)
        successors = Array(repeating: nil, count: items.count)
        predecessors = Array(repeating: [], count: items.count)
        for (place, item) in items.enumerated() {
            for base in item.bases.prefix(64) {
                guard let parent = places["\(item.kind):\(base.path.lowercased())"], parent != place else { continue }
                parents[place].append((Int32(clamping: parent), base.relation))
                children[parent].append((Int32(clamping: place), base.relation))
            }
            if let name = item.successor, let next = places["\(item.kind):\(name.lowercased())"], next != place {
                successors[place] = Int32(clamping: next)
                predecessors[next].append(Int32(clamping: place))
            }
        }
        var names: [String: Int32] = [:]
        families = []
        families.reserveCapacity(items.count)
        for place in items.indices {
            let name = Self.root(of: place, items, parents)
            let next = Int32(clamping: names.count)
            families.append(names[name, default: next])
            if names[name] == nil { names[name] = next }
        }
    }

    private static func root(
        of place: Int, _ items: [RankingItem], _ parents: [[(item: Int32, relation: RankingItem.Base.Relation)]]
    ) -> String {
        var current = place
        for _ in 0..<deepestFamily {
            if let parent = parents[current].first {
                current = Int(parent.item)
            } else {
                // An ancestor that is not here still makes one family of its children.
                return items[current].bases.first?.path.lowercased() ?? items[current].path.lowercased()
            }
        }
        return items[current].path.lowercased()
    }

    /// How near each item is to one of them, 0…1: what replaced it .9, its base and what shares it 1, further derivatives
    /// .7, and the rest of the family by how often a walk that returns with probability .15 comes by.
    func nearness(to seeds: [(item: Int, weight: Float)]) -> [Int32: Float] {
        var near = walk(from: seeds)
        let most = near.values.max() ?? 1
        if most > 0 { for (item, value) in near { near[item] = value / most * 0.6 } }
        for (seed, weight) in seeds {
            func raise(_ item: Int32, to value: Float) { near[item] = max(near[item] ?? 0, value * min(1, weight)) }
            for parent in parents[seed] {
                raise(parent.item, to: 1)
                for sibling in children[Int(parent.item)].prefix(1_000) {
                    raise(sibling.item, to: sibling.relation == .finetune || sibling.relation == .merge ? 1 : 0.7)
                }
            }
            for child in children[seed].prefix(1_000) {
                raise(child.item, to: child.relation == .finetune || child.relation == .merge ? 1 : 0.7)
            }
            var next = successors[seed]
            for _ in 0..<Self.deepestFamily {
                guard let item = next else { break }
                raise(item, to: 0.9)
                next = successors[Int(item)]
                if next == Int32(clamping: seed) { break }
            }
        }
        return near
    }

    /// How much of what is used belongs to the family of each item, and how near to it the item stands, 0…1.
    func familiarity(of seeds: [(item: Int, weight: Float)]) -> [Float] {
        var shares: [Int32: Float] = [:]
        for seed in seeds { shares[families[seed.item], default: 0] += seed.weight }
        var familiarity = [Float](repeating: 0, count: families.count)
        guard let most = shares.values.max(), most > 0 else { return familiarity }
        for place in families.indices {
            if let share = shares[families[place]] { familiarity[place] = 0.7 * (share / most).squareRoot() }
        }
        let near = walk(from: seeds)
        guard let nearest = near.values.max(), nearest > 0 else { return familiarity }
        for (place, value) in near { familiarity[Int(place)] += 0.3 * (value / nearest).squareRoot() }
        return familiarity
    }

    /// Personalised PageRank over derivations in both directions, by pushing what is left forward until little is.
    private func walk(from seeds: [(item: Int, weight: Float)]) -> [Int32: Float] {
        let restart: Float = 0.15
        var rank: [Int32: Float] = [:]
        var left: [Int32: Float] = [:]
        let sum = seeds.reduce(0) { $0 + $1.weight }
        guard sum > 0 else { return [:] }
        var queue: [Int32] = []
        for seed in seeds {
            left[Int32(clamping: seed.item), default: 0] += seed.weight / sum
            queue.append(Int32(clamping: seed.item))
        }
        var steps = 0
        var head = 0
        while head < queue.count, steps < 20_000 {
            let item = queue[head]
            head += 1
            guard let rest = left.removeValue(forKey: item), rest > 1e-5 else { continue }
            rank[item, default: 0] += restart * rest
            let neighbours =
                parents[Int(item)].map(\.item) + children[Int(item)].prefix(500).map(\.item)
                + (successors[Int(item)].map { [$0] } ?? []) + predecessors[Int(item)]
            guard !neighbours.isEmpty else { continue }
            let share = (1 - restart) * rest / Float(neighbours.count)
            for neighbour in neighbours {
                if left[neighbour] == nil { queue.append(neighbour) }
                left[neighbour, default: 0] += share
                steps += 1
            }
        }
        return rank
    }
}
