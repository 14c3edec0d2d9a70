/// One thing a card says that repositories are looked for by: its task, a language, the model it was made from.
package struct CardFacet: Sendable, Hashable {
    /// What is said, by the names that Hugging Face gives the groups of its tags.
    package enum Kind: String, Sendable, CaseIterable {
        case library
        case other
        case pipelineTag = "pipeline_tag"
        case language
        case dataset
        case baseModel = "base_model"
        case license
        case arxiv
        case taskCategory = "task_categories"
        case taskID = "task_ids"
        case annotationsCreator = "annotations_creators"
        case multilinguality
        case sizeCategory = "size_categories"
        /// What a model was measured by. Searched for, but by custom no tag.
        case metric
    }

    package let kind: Kind
    /// What the card says, as its author wrote it.
    package let value: String
    /// The tag that clients filter by, as in `license:mit`.
    package let tag: String
    /// Whether tags show it.
    package let isShown: Bool

    init(_ kind: Kind, _ value: String, tag: String, isShown: Bool = true) {
        self.kind = kind
        self.value = value
        self.tag = tag
        self.isShown = isShown
    }

    /// How two spellings of a tag are told to be one.
    package static func key(_ tag: String) -> String { tag.lowercased() }
}

extension Card {
    /// No card has that many; what is said beyond them is not searched for.
    static let maximumFacets = 500
    /// The longest tag that is searched for, in bytes.
    static let maximumTagBytes = 255

    /// What the card says of a repository of a kind, in the order that tags are shown in, each once.
    package func facets(for kind: RepositoryKind) -> [CardFacet] {
        var collected = FacetCollector()
        if let data { collected.collect(from: data, kind, relation: baseModelRelation) }
        for paper in papers { collected.add(.arxiv, paper, tag: "arxiv:\(paper)") }
        return collected.facets
    }

    /// What a model is to its base model: the card's word, or what its library and tags let guess.
    package var baseModelRelation: String {
        let known = ["finetune", "adapter", "merge", "quantized"]
        if let word = data?["base_model_relation"]?.string, known.contains(word) { return word }
        let tags = Set(data?["tags"]?.strings ?? [])
        if libraryName == "peft" || tags.contains("lora") { return "adapter" }
        if (data?["base_model"]?.strings.count ?? 0) > 1, tags.contains("merge") || tags.contains("mergekit") {
            return "merge"
        }
        if libraryName == "gguf" || tags.contains("gguf") { return "quantized" }
        return "finetune"
    }
}

/// Collects what a card says, within bounds.
private struct FacetCollector {
    private(set) var facets: [CardFacet] = []
    private var seen: Set<String> = []

    mutating func collect(from data: JSONValue, _ kind: RepositoryKind, relation: String) {
        func each(_ key: String) -> [String] { data[key]?.strings ?? [] }
        if kind == .dataset {
            let prefixed: [CardFacet.Kind] = [
                .taskCategory, .taskID, .annotationsCreator, .multilinguality, .language, .license, .sizeCategory,
            ]
            for kind in prefixed {
                let values = each(kind.rawValue)
                // Older cards call them so.
                for value in kind == .language && values.isEmpty ? each("languages") : values {
                    add(kind, value, tag: "\(kind.rawValue):\(value)")
                }
            }
            for value in each("tags") { add(.other, value, tag: value) }
        } else {
            for value in each("library_name") { add(.library, value, tag: value) }
            for value in each("tags") { add(.other, value, tag: value) }
            for value in each("pipeline_tag") { add(.pipelineTag, value, tag: value) }
            for value in each("language") { add(.language, value, tag: value) }
            for value in each("datasets") { add(.dataset, value, tag: "dataset:\(value)") }
            for value in each("base_model") {
                add(.baseModel, value, tag: "base_model:\(value)")
                add(.baseModel, value, tag: "base_model:\(relation):\(value)")
            }
            for value in each("license") { add(.license, value, tag: "license:\(value)") }
        }
        for value in each("metrics") { add(.metric, value, tag: "metric:\(value)", isShown: false) }
    }

    mutating func add(_ kind: CardFacet.Kind, _ value: String, tag: String, isShown: Bool = true) {
        guard facets.count < Card.maximumFacets, !value.isEmpty, tag.utf8.count <= Card.maximumTagBytes,
            seen.insert(tag).inserted
        else { return }
        facets.append(CardFacet(kind, value, tag: tag, isShown: isShown))
    }
}
