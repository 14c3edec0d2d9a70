/// How well lists foresaw what was used next.
package struct RankingMetrics: Sendable {
    /// A mean, and between which values it lies with 95 % (bootstrap over users).
    package struct Estimate: Sendable {
        package let mean: Double
        package let low: Double
        package let high: Double
    }

    package let name: String
    package let ndcg5: Estimate
    package let ndcg10: Estimate
    package let ndcg20: Estimate
    package let recall5: Estimate
    package let recall20: Estimate
    package let hit10: Estimate
    /// Share of all items that were recommended to anybody among the first ten.
    package let coverage: Double
    /// Shares of the first ten that break a bound of their user.
    package let licenseViolations: Double
    package let hardwareViolations: Double
    /// NDCG@10 of each user, to compare rankings user by user.
    let gains: [Double]

    /// - Parameter lists: for each user asked about, the best first.
    init(
        _ name: String, lists: [[Int32]], asked: [(user: EvaluationUser, last: Int32)], items: [RankingItem],
        seed: UInt64
    ) {
        func gain(_ list: [Int32], _ wanted: Int32, _ k: Int) -> Double {
            guard let place = list.prefix(k).firstIndex(of: wanted) else { return 0 }
            return Powers.naturalLog(2) / Powers.naturalLog(Double(place + 2))
        }
        func all(_ measure: ([Int32], Int32) -> Double) -> [Double] { zip(lists, asked).map { measure($0, $1.last) } }
        self.name = name
        gains = all { gain($0, $1, 10) }
        ndcg5 = Bootstrap.mean(all { gain($0, $1, 5) }, seed: seed)
        ndcg10 = Bootstrap.mean(gains, seed: seed)
        ndcg20 = Bootstrap.mean(all { gain($0, $1, 20) }, seed: seed)
        recall5 = Bootstrap.mean(all { $0.prefix(5).contains($1) ? 1 : 0 }, seed: seed)
        recall20 = Bootstrap.mean(all { $0.prefix(20).contains($1) ? 1 : 0 }, seed: seed)
        hit10 = Bootstrap.mean(all { $0.prefix(10).contains($1) ? 1 : 0 }, seed: seed)
        var shown: Set<Int32> = []
        var license = 0
        var hardware = 0
        var places = 0
        for (list, question) in zip(lists, asked) {
            for place in list.prefix(10) {
                shown.insert(place)
                places += 1
                if question.user.violatesLicense(items[Int(place)]) { license += 1 }
                if question.user.violatesHardware(items[Int(place)]) { hardware += 1 }
            }
        }
        coverage = items.isEmpty ? 0 : Double(shown.count) / Double(items.count)
        licenseViolations = places == 0 ? 0 : Double(license) / Double(places)
        hardwareViolations = places == 0 ? 0 : Double(hardware) / Double(places)
    }
}

/// Means with the interval that 1 000 draws with replacement give.
enum Bootstrap {
    static func mean(_ values: [Double], seed: UInt64) -> RankingMetrics.Estimate {
        guard !values.isEmpty else { return .init(mean: 0, low: 0, high: 0) }
        var random = SeededRandom(seed: seed)
        let count = Double(values.count)
        var means = (0..<1_000).map { _ in
            values.indices.reduce(0.0) { sum, _ in sum + (values.randomElement(using: &random) ?? 0) } / count
        }
        means.sort()
        return .init(mean: values.reduce(0, +) / count, low: means[24], high: means[974])
    }
}
