/// Lines over a common axis.
package enum LineChart {
    package struct Point: Sendable {
        package let x: Double
        package let y: Double

        package init(_ x: Double, _ y: Double) {
            self.x = x
            self.y = y
        }
    }

    package struct Series: Sendable {
        package let name: String
        package let points: [Point]

        package init(_ name: String, _ points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    /// - Parameters:
    ///   - series: values from 0 on; those beyond the sixth look alike.
    ///   - label: what the chart shows.
    ///   - xText: how a place on the horizontal axis is written.
    ///   - yText: how a place on the vertical axis is written, with its unit.
    package static func view(
        _ series: [Series], label: String, width: Int = 640, height: Int = 220, xText: (Double) -> String,
        yText: (Double) -> String
    ) -> HTML {
        let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
        guard let from = points.map(\.x).min(), let to = points.map(\.x).max(), let top = points.map(\.y).max() else {
            return HTML()
        }
        let ticks = ChartText.ticks(upTo: top)
        let high = ticks.last ?? 1
        let (left, right, upper, lower) = (64.0, Double(width) - 12, 10.0, Double(height) - 26)
        func x(_ value: Double) -> Double { to > from ? left + (right - left) * (value - from) / (to - from) : left }
        func y(_ value: Double) -> Double { lower - (lower - upper) * max(0, value) / high }
        let grid = ticks.map { tick -> HTML in
            let at = ChartText.coordinate(y(tick))
            return """
                <line class="grid" x1="\(ChartText.coordinate(left))" x2="\(ChartText.coordinate(right))" y1="\(at)" \
                y2="\(at)"/><text x="\(ChartText.coordinate(left - 8))" y="\(at)" dy="4" text-anchor="end">\
                \(yText(tick))</text>
                """
        }
        let marks = (to > from ? [from, (from + to) / 2, to] : [from]).enumerated().map { index, mark -> HTML in
            let anchor = ["start", "middle", "end"][index]
            return """
                <text x="\(ChartText.coordinate(x(mark)))" y="\(ChartText.coordinate(lower + 18))" \
                text-anchor="\(anchor)">\(xText(mark))</text>
                """
        }
        let lines = series.enumerated().map { index, one -> HTML in
            let path = one.points.filter { $0.x.isFinite && $0.y.isFinite }.map { (x: x($0.x), y: y($0.y)) }
            return "<polyline class=\"\(ChartText.series(index))\" points=\"\(ChartText.points(path))\"/>"
        }
        return """
            <figure class="chart"><svg class="line-chart" viewBox="0 0 \(width) \(height)"\(ChartText.role(label))>\
            \(each: grid)\(each: marks)\(each: lines)</svg>\(legend(series))</figure>
            """
    }

    private static func legend(_ series: [Series]) -> HTML? {
        guard series.count > 1 else { return nil }
        let names = series.enumerated().map { index, one -> HTML in
            """
            <li><svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">\
            <rect class="\(ChartText.series(index))" y="4" width="12" height="4"/></svg> \(one.name)</li>
            """
        }
        return "<ul class=\"chart-legend\">\(each: names)</ul>"
    }
}
