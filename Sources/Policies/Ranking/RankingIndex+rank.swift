extension RankingIndex {
    /// What fits a scene best, each with its reasons. Nothing that policy denies, that has an obligation the scene
    /// excludes or that does not fit into its memory is ever in it.
    ///
    /// - Parameter isAllowed: asked about what would be recommended, in the order of the list; what it refuses is left
    ///   out and the next one takes its place.
    /// - Complexity: O(features of all items) and O(k² · features) for the first k = 20 · limit.
    package func rank(_ scene: RankingScene, isAllowed: (RankingItem) -> Bool = { _ in true }) -> Ranking {
        let pass = RankingPass(self, scene)
        return pass.ranking(of: pass.candidates, isAllowed: isAllowed)
    }
}
