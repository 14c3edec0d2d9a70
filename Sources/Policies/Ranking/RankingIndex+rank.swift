extension RankingIndex {
    /// What fits a scene best, each with its reasons. Nothing that policy denies, that has an obligation the scene
    /// excludes or that does not fit into its memory is ever in it.
    ///
    /// - Parameter isAllowed: asked about what would be recommended, in the order of the list; what it refuses is left
    ///   out and the next one takes its place.
    /// - Complexity: O(features of all items) and O(k² · features) for the first k = 20 · limit.
    package func rank(_ scene: RankingScene, isAllowed: (RankingItem) -> Bool = { _ in true }) -> Ranking {
        var pass = RankingPass(self, scene)
        var excluded = pass.exclusions
        let best = pass.best(max(50, min(1_000, scene.limit * 20)))
        var admitted: [Int] = []
        for place in best where admitted.count < max(20, scene.limit * 5) {
            if isAllowed(items[place]) {
                admitted.append(place)
            } else {
                excluded[.denied, default: 0] += 1
            }
        }
        let chosen = Diversification.choose(scene.limit, among: admitted, scores: pass.scores, in: self)
        return Ranking(
            items: chosen.map { RankedItem(item: items[$0], score: Double(pass.scores[$0]), reasons: pass.reasons(for: $0)) },
            considered: items.count, excluded: excluded)
    }
}
