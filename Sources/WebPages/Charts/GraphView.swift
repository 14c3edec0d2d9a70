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

    /// - Parameter label: what the graph shows, for those who hear it.
    package static func view(_ nodes: [Node], _ edges: [Edge], label: String) -> HTML { HTML() }
}
