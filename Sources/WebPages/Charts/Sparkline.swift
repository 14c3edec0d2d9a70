/// A line as small as a word.
package enum Sparkline {
    /// - Parameter label: what it shows; nil where text beside it says the same.
    package static func view(_ values: [Double], label: String?, width: Int = 88, height: Int = 20) -> HTML {
        let known = values.map { $0.isFinite ? max(0, $0) : 0 }
        guard known.count > 1, let largest = known.max() else { return HTML() }
        let (right, low) = (Double(width) - 2, Double(height) - 2)
        let points = known.enumerated().map { index, value -> (x: Double, y: Double) in
            (
                2 + (right - 2) * Double(index) / Double(known.count - 1),
                low - (largest > 0 ? (low - 2) * value / largest : 0)
            )
        }
        let line = ChartText.points(points)
        let ground =
            "2,\(ChartText.coordinate(low)) \(line) \(ChartText.coordinate(right)),\(ChartText.coordinate(low))"
        let last = points.last ?? (right, low)
        return """
            <svg class="sparkline" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)"\
            \(ChartText.role(label))><polygon points="\(ground)"/><polyline points="\(line)"/>\
            <circle cx="\(ChartText.coordinate(last.x))" cy="\(ChartText.coordinate(last.y))" r="1.75"/></svg>
            """
    }
}
