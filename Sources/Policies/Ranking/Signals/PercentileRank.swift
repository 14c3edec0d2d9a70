/// Where each value stands among all: 0 for the least, 1 for the greatest, equal ones in the middle of their places.
enum PercentileRank {
    /// O(n log n).
    static func ranks(_ values: [Double]) -> [Float] {
        guard values.count > 1 else { return values.map { _ in 0.5 } }
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Float](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            let rank = Float(start + end) / 2 / Float(order.count - 1)
            for place in start...end { ranks[order[place]] = rank }
            start = end + 1
        }
        return ranks
    }
}
