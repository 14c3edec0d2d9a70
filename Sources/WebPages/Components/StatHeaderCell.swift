/// The head of a column of data: its name, its type, and what is in it.
package enum StatHeaderCell {
    /// - Parameters:
    ///   - bars: how often values of each part of the range occur, in any unit.
    ///   - summary: such as "12–2,048" or "4 classes · null 2%".
    package static func view(name: String, type: String, bars: [Double] = [], summary: String? = nil) -> HTML {
        """
        <div class="stat-head"><span class="stat-name">\(name)</span><span class="hint mono">\(type)</span>\
        \(bars.isEmpty ? HTML() : histogram(bars))\
        \(summary.map { summary -> HTML in "<span class=\"hint\">\(summary)</span>" })</div>
        """
    }

    /// Bars beside each other, the highest as high as the picture; what they say must stand beside them in words.
    package static func histogram(_ bars: [Double]) -> HTML {
        let highest = bars.max() ?? 0
        let width = 100 / Double(max(bars.count, 1))
        let shapes = bars.enumerated().map { index, bar -> HTML in
            let height = highest > 0 && bar > 0 ? max(1, bar / highest * 24) : 0
            return """
                <rect x="\(round(Double(index) * width))" y="\(round(24 - height))" \
                width="\(round(width * 0.84))" height="\(round(height))"/>
                """
        }
        return """
            <svg viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">\(each: shapes)</svg>
            """
    }

    private static func round(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let hundredths = Int((value * 100).rounded())
        return String(Double(hundredths) / 100)
    }
}
