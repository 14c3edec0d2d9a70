/// That something was made from something else, as the card of the one names the other.
package struct LineageEdge: Sendable, Hashable, Codable {
    /// How it was made.
    package enum Relation: String, Sendable, Hashable, Codable, CaseIterable {
        case finetune, adapter, merge, quantized
        /// Nobody says how.
        case derived
        /// It was trained on it.
        case dataset
    }

    package let relation: Relation
    /// Of what is named.
    package let kind: RepositoryKind
    /// The name as it is written, usually `owner/name` at the hub that the card was written for.
    package let path: String

    package init(relation: Relation, kind: RepositoryKind, path: String) {
        self.relation = relation
        self.kind = kind
        self.path = path
    }

    /// How two spellings of what is named are told to be one.
    package var pathKey: String { RepositoryID.key(path) }
}

/// Everything that a card or a description says something was made from.
package struct DeclaredLineage: Sendable, Hashable {
    package private(set) var edges: [LineageEdge] = []
    /// How many more were named than are kept.
    package private(set) var omitted = 0
    private var seen: Set<LineageEdge> = []

    /// What is kept of one card. A merge has a handful; a list of thousands only hides something.
    package static let maximumEdges = 128
    /// The longest name that is kept, in bytes: none that could be a repository's is longer.
    package static let maximumPathBytes = 200

    package init() {}

    /// What a card says.
    package init(_ card: Card) {
        let relation = LineageEdge.Relation(rawValue: card.baseModelRelation) ?? .finetune
        for name in card.data?["base_model"]?.strings ?? [] { add(name, .model, relation) }
        for name in card.data?["datasets"]?.strings ?? [] { add(name, .dataset, .dataset) }
        add(tags: card.data?["tags"]?.strings ?? [], untold: relation)
    }

    /// What flat tags say, as `base_model:quantized:acme/base` and `dataset:acme/tables`.
    package init(tags: [String]) { add(tags: tags, untold: .finetune) }

    private mutating func add(tags: [String], untold: LineageEdge.Relation) {
        var plain: [String] = []
        var told: Set<String> = []
        for tag in tags {
            if let name = Self.rest(of: tag, after: "dataset:") {
                add(name, .dataset, .dataset)
            } else if let rest = Self.rest(of: tag, after: "base_model:") {
                let parts = rest.split(separator: ":", maxSplits: 1)
                if parts.count == 2, let relation = LineageEdge.Relation(rawValue: String(parts[0])) {
                    told.insert(RepositoryID.key(String(parts[1])))
                    add(String(parts[1]), .model, relation)
                } else {
                    plain.append(rest)
                }
            }
        }
        // Hubs write each base model twice, with its relation and without.
        for name in plain where !told.contains(RepositoryID.key(name)) { add(name, .model, untold) }
    }

    private static func rest(of tag: String, after prefix: String) -> String? {
        guard tag.utf8.count > prefix.utf8.count, tag.lowercased().hasPrefix(prefix) else { return nil }
        return String(tag.dropFirst(prefix.count))
    }

    package mutating func add(_ name: String, _ kind: RepositoryKind, _ relation: LineageEdge.Relation) {
        guard let path = Self.path(name) else { return }
        let edge = LineageEdge(relation: relation, kind: kind, path: path)
        let folded = LineageEdge(relation: relation, kind: kind, path: edge.pathKey)
        guard !seen.contains(folded) else { return }
        guard edges.count < Self.maximumEdges else {
            omitted = min(omitted + 1, 1_000_000)
            return
        }
        seen.insert(folded)
        edges.append(edge)
    }

    /// A name without the address of the hub that some authors write in front of it; nil for no name.
    private static func path(_ name: String) -> String? {
        var text = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for scheme in ["https://", "http://"] where text.lowercased().hasPrefix(scheme) {
            let parts = text.dropFirst(scheme.count).split(separator: "/")
            let names = parts.dropFirst().drop { ["models", "datasets"].contains($0.lowercased()) }
            text = names.prefix(2).joined(separator: "/")
        }
        guard !text.isEmpty else { return nil }
        let kept =
            text.utf8.count <= maximumPathBytes
            ? text : String(decoding: text.utf8.prefix(maximumPathBytes), as: UTF8.self)
        return kept.onOneLine
    }
}
