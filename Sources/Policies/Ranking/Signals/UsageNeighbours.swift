/// Which items the same users use: for each the nearest ones, by the cosine of their users.
struct UsageNeighbours: Sendable {
    private let neighbours: [[(item: Int32, similarity: Float)]]

    private static let mostNeighbours = 50
    /// Users with very long histories say little about each pair, and cost the square of it.
    private static let longestHistory = 500

    /// - Parameter histories: the items of each user, each once.
    init(_ histories: [[Int32]], itemCount: Int) {
        var users = [Float](repeating: 0, count: itemCount)
        var rows: [[Int32: Float]] = Array(repeating: [:], count: itemCount)
        for history in histories {
            let items = history.suffix(Self.longestHistory)
            // A user of few things says more about each.
            let weight = 1 / Float(Powers.logOnePlus(Double(items.count) + 1))
            for one in items {
                users[Int(one)] += weight
                for other in items where other != one { rows[Int(one)][other, default: 0] += weight }
            }
        }
        neighbours = rows.enumerated().map { item, row in
            row.map { other, common in
                // Pairs that met once by chance are shrunk.
                let shrink = common / (common + 0.5)
                return (item: other, similarity: shrink * common / (users[item] * users[Int(other)]).squareRoot())
            }.sorted { ($0.similarity, $1.item) > ($1.similarity, $0.item) }.prefix(Self.mostNeighbours).map { $0 }
        }
    }

    /// How near items are to a history: sums of similarities, not normalised.
    func scores(for history: [(item: Int, weight: Float)]) -> [Int32: Float] {
        var scores: [Int32: Float] = [:]
        for (item, weight) in history where neighbours.indices.contains(item) {
            for neighbour in neighbours[item] { scores[neighbour.item, default: 0] += weight * neighbour.similarity }
        }
        return scores
    }
}
