/// Compares the ranking with simpler ones on what users did: each foresees the last use of each user from what came
/// before.
package struct RankingEvaluation: Sendable {
    package let users: Int
    package let items: Int
    /// Ours first.
    package let metrics: [RankingMetrics]
    /// By how much ours is better than the best of the others at NDCG@10, user by user.
    package let lead: RankingMetrics.Estimate

    /// - Parameters:
    ///   - filters: whether the others may recommend only what their user may use, as ours does.
    ///   - now: milliseconds since 1970.
    ///   - epochs: how long the pairwise baseline learns; fewer than 400 leave it weaker than it is.
    package init(_ set: InteractionSet, filters: Bool, now: Int64, seed: UInt64 = 11, epochs: Int = 400) {
        let (known, questions) = set.leavingLastOut()
        let index = RankingIndex(set.items, usage: known, now: now)
        let asked = questions.compactMap { question in
            index.places[question.last.item].map { (user: question.user, last: Int32(clamping: $0)) }
        }
        let baselines = Baselines(index, now: now, epochs: epochs)
        var metrics = [
            RankingMetrics(
                "weir", lists: asked.map { Self.ours(index, for: $0.user) }, asked: asked, items: index.items,
                seed: seed)
        ]
        for baseline in Baselines.Kind.allCases {
            let lists = asked.map { question in
                baselines.list(baseline, for: question.user, filters: filters)
            }
            metrics.append(
                RankingMetrics(baseline.rawValue, lists: lists, asked: asked, items: index.items, seed: seed))
        }
        self.metrics = metrics
        users = asked.count
        items = index.items.count
        let best = metrics.dropFirst().max { $0.ndcg10.mean < $1.ndcg10.mean }
        lead = Bootstrap.mean(zip(metrics[0].gains, best?.gains ?? []).map { $0 - $1 }, seed: seed)
    }

    private static func ours(_ index: RankingIndex, for user: EvaluationUser) -> [Int32] {
        var scene = RankingScene(kind: "model")
        scene.history = index.history(of: user.name)
        scene.memory = user.memory
        scene.isCommercial = user.isCommercial
        scene.limit = 20
        return index.rank(scene).items.compactMap { index.places[$0.item.key].map { Int32(clamping: $0) } }
    }
}
