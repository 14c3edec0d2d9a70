/// A tag that somebody gave a repository, beside those of its card.
package struct RepositoryTag: Sendable, Hashable {
    package let category: String
    package let name: String

    package init(category: String, name: String) {
        self.category = category
        self.name = name
    }

    /// The flat form by which the hub searches, as cards have it where they know the category.
    package func flat(for kind: RepositoryKind) -> String {
        switch (category, kind) {
        case ("license", _): "license:\(name)"
        case ("task", .dataset): "task_categories:\(name)"
        case ("language", .dataset): "language:\(name)"
        case ("size", .dataset): "size_categories:\(name)"
        case ("", _), ("task", _), ("framework", _), ("language", _), ("size", _), ("other", _): name
        default: "\(category):\(name)"
        }
    }

    /// 1 to 128 bytes without control characters or the quotes that a search would trip over.
    package static func isValid(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\"" && $0 != "\\" }
    }
}

/// A group of tags for one kind of repository.
package struct TagCategory: Sendable, Hashable {
    package let id: Int64
    package var name: String
    /// `model`, `dataset`, `space` or `code`.
    package var scope: RepositoryKind
    /// What people read.
    package var showName: String
    package var isEnabled: Bool
    /// Whether cards know it; such a one is not changed or removed, and takes any name.
    package let isBuiltIn: Bool
}

/// One word of the vocabulary.
package struct VocabularyTag: Sendable, Hashable {
    package let id: Int64
    package var name: String
    package var category: String
    package var group: String
    package var scope: RepositoryKind
    package let isBuiltIn: Bool
    package var showName: String
    package var translationKey: String
    /// Milliseconds since 1970.
    package let createdAt: Int64
    package let updatedAt: Int64
}
