/// What models and datasets were made from, and which licences are said of each: pure data in, conclusions out.
package struct LicenseLineage: Sendable {
    /// How something was made from its parent, as cards say.
    package enum Relation: String, Sendable, Hashable, Codable, CaseIterable {
        case finetune
        case adapter
        case merge
        case quantized
        /// Derived, and the card does not say how.
        case derived
        /// Trained on, or made from, this dataset. Its terms are told, and are not inherited.
        case dataset
        /// The parent is a newer version. Nothing is inherited.
        case newVersion = "new_version"
    }

    /// A licence file that was read.
    package struct Text: Sendable, Hashable {
        /// Path in the repository.
        package let path: String
        /// nil: it is the text of no licence that is known.
        package let match: LicenseTextMatch?

        package init(path: String, match: LicenseTextMatch?) {
            self.path = path
            self.match = match
        }
    }

    /// What is known of one repository.
    package struct Node: Sendable, Hashable {
        /// How it is named in paths: `owner/name`.
        package let id: String
        /// Values of the card's `license`; empty: it names none.
        package var card: [String] = []
        /// `license_name` and `license_link`, which say more where `license` is `other`.
        package var cardName: String?
        package var cardLink: String?
        /// Values of tags `license:…`, without the prefix.
        package var tags: [String] = []
        /// What the upstream's own answer says.
        package var api: [String] = []
        /// Licence files at the top of the repository that were read. nil: nobody looked.
        package var texts: [Text]?
        /// Paths of its LICENSE, COPYING and NOTICE files. nil: nobody looked.
        package var noticeFiles: [String]?
        /// Parents in the order of the card.
        package var parents: [Parent] = []

        package init(id: String) { self.id = id }
    }

    /// One edge.
    package struct Parent: Sendable, Hashable {
        package let id: String
        package let relation: Relation

        package init(id: String, relation: Relation) {
            self.id = id
            self.relation = relation
        }
    }

    /// Ancestors that are looked at, at most.
    package static let maximumNodes = 10_000
    /// Generations that are looked at, at most.
    package static let maximumDepth = 256

    private let nodes: [String: Node]

    /// - Parameter nodes: everything known, in any order; what parents name and is not here is an unknown ancestor.
    package init(_ nodes: some Sequence<Node>) {
        self.nodes = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
    }

    /// What is known of one of them.
    package subscript(id: String) -> Node? { nodes[id] }

    /// What holds for one of them. O(nodes and edges that can be reached).
    package func conclusion(of id: String) -> LicenseConclusion {
        LineageWalk(nodes: nodes, root: id).conclusion
    }
}
