/// The rankings that ours is compared with.
struct Baselines {
    enum Kind: String, CaseIterable {
        case popularity
        /// Freshness, downloads and quality, added up.
        case csghub
        case itemNeighbours = "item-knn"
        case pairwise = "bpr"
    }

    private let index: RankingIndex
    private let popularity: [Float]
    private let csghub: [Float]
    private let factors: PairwiseFactors
    private let userNumbers: [String: Int]

    init(_ index: RankingIndex, now: Int64, epochs: Int) {
        self.index = index
        var settings = PairwiseFactors.Settings()
        settings.epochs = epochs
        // How often it was used by those who are known, then by how many the hub says.
        var used = [Float](repeating: 0, count: index.items.count)
        for history in index.histories.values { for place in history { used[Int(place)] += 1 } }
        popularity = zip(used, index.popularity).map { $0 + 0.5 * $1 }
        csghub = index.items.map { item in
            // The classes of its scripts: newer than a day, a week, a month; downloads by magnitude; two real files.
            let hours = Double(now - (item.updatedAt ?? 0)) / 3_600_000
            let freshness = hours < 24 ? 120.0 : hours < 168 ? 80 : hours < 720 ? 40 : 10
            let downloads = min(300, Powers.logOnePlus(Double(item.downloads ?? 0)) * 20)
            return Float(freshness + downloads + ((item.totalBytes ?? 0) > 0 ? 300 : 0))
        }
        let users = index.histories.sorted { $0.key < $1.key }
        userNumbers = Dictionary(uniqueKeysWithValues: users.enumerated().map { ($1.key, $0) })
        factors = PairwiseFactors(users.map(\.value), itemCount: index.items.count, settings: settings)
    }

    func list(_ kind: Kind, for user: EvaluationUser, filters: Bool) -> [Int32] {
        let history = index.histories[user.name] ?? []
        let used = Set(history)
        var neighbours: [Int32: Float] = [:]
        if kind == .itemNeighbours {
            neighbours = index.neighbours.scores(for: history.map { (Int($0), 1) })
        }
        var best = BestPlaces(limit: 20)
        for place in index.items.indices where !used.contains(Int32(clamping: place)) {
            if filters, user.violatesLicense(index.items[place]) || user.violatesHardware(index.items[place]) {
                continue
            }
            let score: Float =
                switch kind {
                case .popularity: popularity[place]
                case .csghub: csghub[place]
                case .itemNeighbours: neighbours[Int32(clamping: place)] ?? 0
                case .pairwise: userNumbers[user.name].map { factors.score($0, place) } ?? 0
                }
            best.offer(score, place)
        }
        return best.sorted.map { Int32(clamping: $0) }
    }
}
