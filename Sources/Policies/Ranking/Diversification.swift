/// Chooses so that not all are alike: maximal marginal relevance, λ·relevance − (1 − λ)·likeness to what was chosen.
enum Diversification {
    private static let lambda: Float = 0.7

    /// - Parameter places: the best first.
    static func choose(_ count: Int, among places: [Int], scores: [Float], in index: RankingIndex) -> [Int] {
        guard let first = places.first, count > 0 else { return [] }
        var left = places
        var likeness = [Int: Float](minimumCapacity: places.count)
        var chosen: [Int] = []
        let top = max(scores[first], 1e-6)
        while chosen.count < count, !left.isEmpty {
            var best = 0
            var bestValue = -Float.infinity
            for (position, place) in left.enumerated() {
                let value = lambda * scores[place] / top - (1 - lambda) * likeness[place, default: 0]
                if value > bestValue { (best, bestValue) = (position, value) }
            }
            let taken = left.remove(at: best)
            chosen.append(taken)
            for place in left {
                likeness[place] = max(likeness[place, default: 0], Self.likeness(taken, place, in: index))
            }
        }
        return chosen
    }

    /// Quantisations and adapters of one model are nearly one thing; a family's members are alike.
    static func likeness(_ one: Int, _ other: Int, in index: RankingIndex) -> Float {
        let words = index.vectors.similarity(one, other)
        guard index.lineage.families[one] == index.lineage.families[other] else { return words * 0.5 }
        let derived = index.lineage.parents[one] + index.lineage.parents[other]
        let isCopy = derived.contains { $0.relation == .quantized || $0.relation == .adapter }
        return max(words * 0.5, isCopy ? 0.95 : 0.6)
    }
}
