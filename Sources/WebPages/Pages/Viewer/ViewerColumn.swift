/// A column as its head shows it: name, type, and how its values are spread.
package struct ViewerColumn: Sendable, Hashable {
    /// A bar of a histogram, or a value with how often it occurs.
    package struct Bar: Sendable, Hashable {
        /// In words, for a value.
        package let label: String
        package let low: String
        package let high: String
        package let count: Int64
        /// The condition that leaves its rows; nil where there is none.
        package let condition: String?

        package init(label: String = "", low: String = "", high: String = "", count: Int64, condition: String?) {
            self.label = label
            self.low = low
            self.high = high
            self.count = count
            self.condition = condition
        }
    }

    package struct Statistics: Sendable, Hashable {
        package enum Shape: Sendable, Hashable {
            /// From the lowest to the highest.
            case span(low: String, high: String)
            case lengths(low: String, high: String)
            case values(Int64)
            case none
        }

        package var shape: Shape
        package var isValues: Bool
        package var bars: [Bar]
        package var nullShare: Double

        package init(shape: Shape, isValues: Bool, bars: [Bar], nullShare: Double) {
            self.shape = shape
            self.isValues = isValues
            self.bars = bars
            self.nullShare = nullShare
        }
    }

    package let name: String
    package let type: String
    package let isNumber: Bool
    /// Whether rows can be ordered by it.
    package let isSortable: Bool
    package var statistics: Statistics?

    package init(name: String, type: String, isNumber: Bool, isSortable: Bool, statistics: Statistics? = nil) {
        self.name = name
        self.type = type
        self.isNumber = isNumber
        self.isSortable = isSortable
        self.statistics = statistics
    }

    /// What stands below name and type.
    package func spread(_ query: ViewerQuery, _ base: String, _ t: L10n) -> HTML {
        guard let statistics else { return HTML() }
        let nulls =
            statistics.nullShare > 0
            ? " <span class=\"spread-null\">\(t.viewerNulls(t.percent(statistics.nullShare)))</span>" as HTML : HTML()
        let words: String
        switch statistics.shape {
        case .span(let low, let high): words = t.viewerSpan(low, high)
        case .lengths(let low, let high): words = t.viewerLengths(low, high)
        case .values(let count): words = t.viewerClasses(t.number(count))
        case .none: words = ""
        }
        let chart = statistics.isValues ? values(statistics, query, base, t) : histogram(statistics, query, base, t)
        return "\(chart)<div class=\"spread-words\">\(words)\(nulls)</div>"
    }

    private func histogram(_ statistics: Statistics, _ query: ViewerQuery, _ base: String, _ t: L10n) -> HTML {
        guard let most = statistics.bars.map(\.count).max(), most > 0 else { return HTML() }
        let step = 120 / Double(max(1, statistics.bars.count))
        let bars = statistics.bars.enumerated().map { index, bar -> HTML in
            let height = bar.count == 0 ? 0 : max(1.5, 26 * Double(bar.count) / Double(most))
            let title = t.viewerBar(bar.low, bar.high, t.number(bar.count))
            let shape: HTML = """
                <rect class="spread-hit" x="\(Self.text(step * Double(index)))" y="0" width="\(Self.text(step))" \
                height="28"></rect><rect class="spread-bar" x="\(Self.text(step * Double(index) + 0.5))" \
                y="\(Self.text(28 - height))" width="\(Self.text(step - 1))" height="\(Self.text(height))"></rect>\
                <title>\(title)</title>
                """
            guard let condition = bar.condition, bar.count > 0 else { return "<g>\(shape)</g>" }
            let link = query.adding(condition).address(base)
            // Beside the form of filters these are a shortcut, and narrower than a target that keys stop at may be.
            return "<a href=\(url: link) tabindex=\"-1\" aria-label=\"\(title)\">\(shape)</a>"
        }
        return """
            <svg class="spread" viewBox="0 0 120 28" width="120" height="28" preserveAspectRatio="none" role="group" \
            aria-label="\(t.viewerDistribution(name))">\(each: bars)</svg>
            """
    }

    private func values(_ statistics: Statistics, _ query: ViewerQuery, _ base: String, _ t: L10n) -> HTML {
        let total = max(1, statistics.bars.reduce(0) { $0 + $1.count })
        let lines = statistics.bars.prefix(3).map { bar -> HTML in
            let share = t.percent(Double(bar.count) / Double(total))
            let text: HTML = "<span class=\"spread-value\">\(bar.label)</span> <span>\(share)</span>"
            guard let condition = bar.condition else { return "<li>\(text)</li>" }
            let title = t.viewerFrequency(bar.label, t.number(bar.count))
            return "<li><a href=\(url: query.adding(condition).address(base)) title=\"\(title)\">\(text)</a></li>"
        }
        return "<ul class=\"spread-values\">\(each: lines)</ul>"
    }

    private static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

/// A value as a page shows it.
package struct ViewerCell: Sendable, Hashable {
    package enum Shape: Sendable, Hashable { case null, text, number, json, picture }

    package let shape: Shape
    package let text: String
    package let isCut: Bool
    /// Where a picture is.
    package let source: String?

    package init(_ shape: Shape, _ text: String, isCut: Bool = false, source: String? = nil) {
        self.shape = shape
        self.text = text
        self.isCut = isCut
        self.source = source
    }

    /// Letters of a cell in a list.
    private static let shown = 240

    package func short(_ t: L10n) -> HTML {
        switch shape {
        case .null: return "<span class=\"cell-null\">\(t.viewerNull)</span>"
        case .picture: return picture(t)
        case .number: return "\(text)"
        case .text, .json:
            let part = text.prefix(Self.shown)
            let isShort = part.endIndex == text.endIndex && !isCut
            return "<div class=\"\(shape == .json ? "cell mono" : "cell")\">\(String(part))\(isShort ? "" : "…")</div>"
        }
    }

    package func whole(_ t: L10n) -> HTML {
        switch shape {
        case .null: "<span class=\"cell-null\">\(t.viewerNull)</span>"
        case .picture: picture(t)
        case .number: "\(text)"
        case .text: "<div class=\"cell-whole\">\(text)\(isCut ? "…" : "")</div>"
        case .json: "<pre class=\"cell-json\" tabindex=\"0\"><code>\(text)\(isCut ? "…" : "")</code></pre>"
        }
    }

    private func picture(_ t: L10n) -> HTML {
        guard let source else { return "<span class=\"cell-null\">\(t.viewerNull)</span>" }
        return "<img class=\"cell-picture\" src=\(url: source) alt=\"\(t.viewerPicture)\" loading=\"lazy\">"
    }
}
