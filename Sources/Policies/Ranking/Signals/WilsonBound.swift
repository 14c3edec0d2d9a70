/// How good something is at least, by few or many votes: the lower end of the Wilson interval at 95 %.
enum WilsonBound {
    static func lower(positive: Double, total: Double) -> Double {
        guard total > 0 else { return 0 }
        let z = 1.96
        let share = min(1, max(0, positive / total))
        let centre = share + z * z / (2 * total)
        let spread = z * ((share * (1 - share) + z * z / (4 * total)) / total).squareRoot()
        return max(0, (centre - spread) / (1 + z * z / total))
    }
}
