/// Numbers in drawings: short, and never with an exponent.
enum ChartText {
    /// Two decimals at most.
    static func coordinate(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let hundredths = Int64((max(-1e9, min(1e9, value)) * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let sign = hundredths < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        let digits = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)"
        return "\(sign)\(whole).\(digits)"
    }

    static func points(_ points: [(x: Double, y: Double)]) -> String {
        points.map { "\(coordinate($0.x)),\(coordinate($0.y))" }.joined(separator: " ")
    }

    /// What makes a drawing a picture with a name, or hides it from those who hear the page.
    static func role(_ label: String?) -> HTML {
        guard let label else { return " aria-hidden=\"true\" focusable=\"false\"" }
        return " role=\"img\" aria-label=\"\(label)\" focusable=\"false\""
    }

    /// Round numbers from nothing to at least the largest value.
    static func ticks(upTo largest: Double, count: Int = 4) -> [Double] {
        guard largest > 0, largest.isFinite else { return [0, 1] }
        let rough = largest / Double(count)
        var power = 1.0
        while power * 10 <= rough { power *= 10 }
        while power > rough { power /= 10 }
        let step = [1, 2, 2.5, 5, 10].first { $0 * power >= rough }.map { $0 * power } ?? rough
        var ticks: [Double] = [0]
        while let last = ticks.last, last < largest, ticks.count < 12 { ticks.append(last + step) }
        return ticks
    }

    /// `series-1` to `series-6`, and one for all others.
    static func series(_ index: Int) -> String { "series-\(min(index, 6) + 1)" }
}
