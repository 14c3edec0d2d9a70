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
    ///   - label: what the chart shows.
    ///   - xText: how a place on the horizontal axis is written.
    ///   - yText: how a place on the vertical axis is written, with its unit.
    package static func view(
        _ series: [Series], label: String, width: Int = 640, height: Int = 220, xText: (Double) -> String,
        yText: (Double) -> String
    ) -> HTML { HTML() }
}
