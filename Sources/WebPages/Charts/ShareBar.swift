/// One bar divided by shares, with a legend.
package enum ShareBar {
    package struct Share: Sendable {
        package let label: String
        package let value: Double
        package let note: String

        package init(_ label: String, value: Double, note: String) {
            self.label = label
            self.value = value
            self.note = note
        }
    }

    /// - Parameters:
    ///   - shares: those beyond the sixth look alike.
    ///   - label: what they are shares of, for those who hear it.
    package static func view(_ shares: [Share], label: String) -> HTML {
        let total = shares.reduce(0) { $0 + max(0, $1.value.isFinite ? $1.value : 0) }
        guard total > 0 else { return HTML() }
        var x = 0.0
        var parts: [HTML] = []
        for (index, share) in shares.enumerated() {
            let width = max(0, share.value.isFinite ? share.value : 0) / total * 1_000
            parts.append(
                """
                <rect class="\(ChartText.series(index))" x="\(ChartText.coordinate(x))" \
                width="\(ChartText.coordinate(width))" height="1"/>
                """)
            x += width
        }
        let names = shares.enumerated().map { index, share -> HTML in
            """
            <li><svg viewBox="0 0 1 1" aria-hidden="true" focusable="false">\
            <rect class="\(ChartText.series(index))" width="1" height="1"/></svg>\
            <span>\(share.label) <span class="bar-note">\(share.note)</span></span></li>
            """
        }
        return """
            <div class="share-bar"><svg viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true" \
            focusable="false">\(each: parts)</svg><ul aria-label="\(label)">\(each: names)</ul></div>
            """
    }
}
