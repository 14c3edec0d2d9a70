extension TagCatalogue {
    /// A word as Hugging Face's clients are told of it.
    package struct Entry: Sendable, Hashable {
        package let value: String
        /// What people read.
        package let label: String
        /// The field of work that a task belongs to.
        package let field: String?
    }

    /// The words of one group of Hugging Face's tags; empty for groups that have no end, such as datasets.
    package static func entries(_ facet: CardFacet.Kind) -> [Entry] {
        switch facet {
        case .pipelineTag: tasks(modelTasks)
        case .taskCategory: tasks(datasetTasks)
        case .library: frameworks.map { Entry(value: $0.name, label: $0.showName, field: nil) }
        case .language: languages.map { Entry(value: $0.name, label: $0.showName, field: nil) }
        case .license: licenses.map { Entry(value: $0.name, label: $0.fullName, field: nil) }
        case .sizeCategory: sizes.map { Entry(value: $0, label: $0, field: nil) }
        default: []
        }
    }

    private static func tasks(_ groups: KeyValuePairs<String, [String]>) -> [Entry] {
        groups.flatMap { group, names in
            names.map { Entry(value: $0, label: title(of: $0), field: field(of: group)) }
        }
    }

    /// Hugging Face's word for a modality of CSGHub's.
    private static func field(of group: String) -> String {
        switch group {
        case "natural_language_processing", "text_processing": "nlp"
        case "computer_vision", "graphics", "video": "cv"
        case "audio_processing", "audio": "audio"
        case "reinforcement_learning": "rl"
        case "multimodal", "tabular": group
        default: "other"
        }
    }

    /// `text-to-image` as a title, "Text to Image".
    private static func title(of name: String) -> String {
        name.split(separator: "-").enumerated().map { index, word in
            switch word {
            case "to" where index > 0: "to"
            case "3d", "ml", "nli", "ocr": word.uppercased()
            default: word.prefix(1).uppercased() + word.dropFirst()
            }
        }.joined(separator: " ")
    }
}
