/// Bars beside each other: how many values fall where.
package enum Histogram {
    package struct Bin: Sendable {
        /// Such as "12–48: 1,204", which is read and shown when one points at it.
        package let label: String
        package let count: Double
        /// Where a press leads, such as the rows in it.
        package let address: String?

        package init(_ label: String, count: Double, address: String? = nil) {
            self.label = label
            self.count = count
            self.address = address
        }
    }

    /// - Parameter label: what it shows, for those who hear it.
    package static func view(_ bins: [Bin], label: String, width: Int = 160, height: Int = 40) -> HTML {
        let largest = bins.map(\.count).filter(\.isFinite).max() ?? 0
        guard !bins.isEmpty else { return HTML() }
        let slot = Double(width) / Double(bins.count)
        let bars = bins.enumerated().map { index, bin -> HTML in
            let share = largest > 0 && bin.count.isFinite ? max(0, bin.count / largest) : 0
            // What is there at all can be seen.
            let tall = bin.count > 0 ? max(1.5, share * Double(height)) : 0
            let x = ChartText.coordinate(Double(index) * slot)
            let bar: HTML = """
                <rect class="ground" x="\(x)" width="\(ChartText.coordinate(slot))" height="\(height)"/>\
                <rect x="\(x)" y="\(ChartText.coordinate(Double(height) - tall))" \
                width="\(ChartText.coordinate(max(0.5, slot - min(1, slot / 4))))" \
                height="\(ChartText.coordinate(tall))"/><title>\(bin.label)</title>
                """
            guard let address = bin.address else { return "<g>\(bar)</g>" }
            return "<a href=\(url: address) aria-label=\"\(bin.label)\">\(bar)</a>"
        }
        // A picture has no links within; a group has.
        let role: HTML =
            bins.contains { $0.address != nil }
            ? " role=\"group\" aria-label=\"\(label)\"" : ChartText.role(label)
        return """
            <svg class="histogram" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)"\(role)>\
            \(each: bars)</svg>
            """
    }
}
