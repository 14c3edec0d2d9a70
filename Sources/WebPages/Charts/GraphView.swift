/// What came of what, drawn from left to right. The same is always said by a table beside it.
package enum GraphView {
    package struct Node: Sendable {
        package let id: String
        package let title: String
        /// A second line, such as the kind.
        package let note: String?
        package let address: String?
        package let tone: StateChip.Tone?
        /// The one that the page is about.
        package let isCurrent: Bool

        package init(
            _ id: String, title: String, note: String? = nil, address: String? = nil, tone: StateChip.Tone? = nil,
            isCurrent: Bool = false
        ) {
            self.id = id
            self.title = title
            self.note = note
            self.address = address
            self.tone = tone
            self.isCurrent = isCurrent
        }
    }

    /// From where something came to what came of it.
    package struct Edge: Sendable {
        package let from: String
        package let to: String
        package let label: String?

        package init(from: String, to: String, label: String? = nil) {
            self.from = from
            self.to = to
            self.label = label
        }
    }

    private static let width = 216.0
    private static let height = 48.0
    private static let gap = (x: 88.0, y: 20.0)
    private static let margin = 16.0
    /// Nodes that are drawn; the table has them all.
    private static let most = 200

    /// - Parameter label: what the graph shows, for those who hear it.
    package static func view(_ nodes: [Node], _ edges: [Edge], label: String) -> HTML {
        var seen: Set<String> = []
        let drawn = nodes.filter { seen.insert($0.id).inserted }.prefix(most)
        guard !drawn.isEmpty else { return HTML() }
        let layout = GraphLayout(nodes: drawn.map(\.id), edges: edges.map { ($0.from, $0.to) })
        let size = (
            x: 2 * margin + Double(layout.columns) * (width + gap.x) - gap.x,
            y: 2 * margin + Double(layout.rows) * (height + gap.y) - gap.y
        )
        let lines = edges.compactMap { edge in line(edge, layout) }
        let labels = edges.compactMap { edge in text(edge, layout) }
        let boxes = drawn.compactMap { node in box(node, layout) }
        return """
            <div class="graph" role="region" tabindex="0" aria-label="\(label)">\
            <svg width="\(Int(size.x))" height="\(Int(size.y))" viewBox="0 0 \(Int(size.x)) \(Int(size.y))" \
            role="group" aria-label="\(label)">\(each: lines)\(each: labels)\(each: boxes)</svg></div>
            """
    }

    private static func corner(_ id: String, _ layout: GraphLayout) -> (x: Double, y: Double)? {
        guard let place = layout.places[id] else { return nil }
        return (
            margin + Double(place.column) * (width + gap.x), margin + Double(place.row) * (height + gap.y)
        )
    }

    /// From the right side of one to the left side of the other.
    private static func ends(_ edge: Edge, _ layout: GraphLayout) -> (
        from: (x: Double, y: Double), to: (x: Double, y: Double)
    )? {
        guard edge.from != edge.to, let from = corner(edge.from, layout), let to = corner(edge.to, layout) else {
            return nil
        }
        return ((from.x + width, from.y + height / 2), (to.x, to.y + height / 2))
    }

    private static func line(_ edge: Edge, _ layout: GraphLayout) -> HTML? {
        guard let (from, to) = ends(edge, layout) else { return nil }
        let bend = gap.x / 2
        func at(_ x: Double, _ y: Double) -> String { "\(ChartText.coordinate(x)) \(ChartText.coordinate(y))" }
        let path =
            "M\(at(from.x, from.y))C\(at(from.x + bend, from.y)) \(at(to.x - 6 - bend, to.y)) \(at(to.x - 6, to.y))"
        let arrow = "M\(at(to.x, to.y))L\(at(to.x - 8, to.y - 4))L\(at(to.x - 8, to.y + 4))Z"
        return """
            <path class="edge" d="\(path)" aria-hidden="true"/><path class="arrow" d="\(arrow)" aria-hidden="true"/>
            """
    }

    private static func text(_ edge: Edge, _ layout: GraphLayout) -> HTML? {
        guard let label = edge.label, let (from, to) = ends(edge, layout) else { return nil }
        return """
            <text class="edge-label" x="\(ChartText.coordinate((from.x + to.x) / 2))" \
            y="\(ChartText.coordinate((from.y + to.y) / 2))" dy="-4" aria-hidden="true">\(short(label, 14))</text>
            """
    }

    private static func box(_ node: Node, _ layout: GraphLayout) -> HTML? {
        guard let corner = corner(node.id, layout) else { return nil }
        let x = ChartText.coordinate(corner.x + 12)
        let lines: HTML =
            if let note = node.note {
                """
                <text x="\(x)" y="\(ChartText.coordinate(corner.y + 20))">\(short(node.title, 26))</text>\
                <text class="node-note" x="\(x)" y="\(ChartText.coordinate(corner.y + 37))">\(short(note, 32))</text>
                """
            } else {
                "<text x=\"\(x)\" y=\"\(ChartText.coordinate(corner.y + 29))\">\(short(node.title, 26))</text>"
            }
        let content: HTML = """
            <title>\(node.title)</title><rect x="\(ChartText.coordinate(corner.x))" \
            y="\(ChartText.coordinate(corner.y))" width="\(Int(width))" height="\(Int(height))" rx="8"/>\(lines)
            """
        let name = (["node"] + [node.tone?.rawValue, node.isCurrent ? "current" : nil].compactMap { $0 })
            .joined(separator: " ")
        let current = node.isCurrent ? "true" : nil
        guard let address = node.address else {
            return "<g class=\"\(name)\"\(attribute: "aria-current", current)>\(content)</g>"
        }
        return "<a class=\"\(name)\" href=\(url: address)\(attribute: "aria-current", current)>\(content)</a>"
    }

    /// Cut to a number of columns; East Asian letters take two.
    private static func short(_ text: String, _ columns: Int) -> String {
        var (used, out) = (0, "")
        for character in text {
            let isWide = character.unicodeScalars.first.map { Characters.isEastAsianLetter($0.value) } ?? false
            used += isWide ? 2 : 1
            guard used <= columns else { return out + "…" }
            out.append(character)
        }
        return out
    }
}
