/// Bars under each other, each with its name and number.
package enum BarList {
    package struct Bar: Sendable {
        package let label: String
        package let value: Double
        /// The number as it is read.
        package let note: String
        package let address: String?

        package init(_ label: String, value: Double, note: String, address: String? = nil) {
            self.label = label
            self.value = value
            self.note = note
            self.address = address
        }
    }

    /// - Parameter label: what the bars show, for those who hear it.
    package static func view(_ bars: [Bar], label: String) -> HTML {
        let largest = bars.map(\.value).filter(\.isFinite).max() ?? 0
        let items = bars.map { bar -> HTML in
            let share = largest > 0 && bar.value.isFinite ? max(0, bar.value / largest) * 100 : 0
            let name: HTML =
                bar.address.map { address -> HTML in "<a href=\(url: address)>\(bar.label)</a>" }
                ?? HTML(text: bar.label)
            return """
                <li><span class="bar-name" title="\(bar.label)">\(name)</span>\
                <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">\
                <rect width="\(ChartText.coordinate(share))" height="1"/></svg>\
                <span class="bar-note">\(bar.note)</span></li>
                """
        }
        return "<ul class=\"bar-list\" aria-label=\"\(label)\">\(each: items)</ul>"
    }
}
