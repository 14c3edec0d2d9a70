/// How much more something is used than before.
enum Trend {
    /// Downloads of single days, each worth half as much after seven days; without them, downloads per age as news sites
    /// rank stories.
    /// - Parameter now: milliseconds since 1970.
    static func score(_ item: RankingItem, now: Int64) -> Double {
        let days = item.dailyDownloads
        if !days.isEmpty {
            return days.reduce(0) { sum, day in
                sum + Double(max(0, day.downloads)) * Powers.power(2, -max(0, day.ageInDays) / 7)
            }
        }
        guard let created = item.createdAt else { return 0 }
        let hours = max(0, Double(now) - Double(created)) / 3_600_000
        return max(0, Double(item.downloads ?? 0) - 1) / Powers.power(hours + 2, 1.8)
    }

    /// Scores against those of the same group, 0…1: the middle is as much as is usual there.
    static func standardised(_ scores: [Double], groups: [Int32]) -> [Float] {
        let logs = scores.map { Powers.logOnePlus($0 * 1e6) }
        var sums: [Int32: (count: Double, sum: Double, squares: Double)] = [:]
        for (value, group) in zip(logs, groups) {
            let old = sums[group] ?? (0, 0, 0)
            sums[group] = (old.count + 1, old.sum + value, old.squares + value * value)
        }
        return zip(logs, groups).map { value, group in
            guard let all = sums[group], all.count > 1 else { return 0.5 }
            let mean = all.sum / all.count
            let deviation = max(0, all.squares / all.count - mean * mean).squareRoot()
            return deviation < 1e-9 ? 0.5 : Float(Powers.logistic((value - mean) / deviation))
        }
    }
}
