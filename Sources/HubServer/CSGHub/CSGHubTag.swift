import HubCore

/// One tag of a repository, as its card has it.
struct CSGHubTag: Equatable, Sendable {
    /// The groups CSGHub sorts tags into: those that cards know, and what administrators made.
    struct Category: RawRepresentable, Hashable, Sendable {
        let rawValue: String

        static let task = Category(rawValue: "task")
        static let license = Category(rawValue: "license")
        static let framework = Category(rawValue: "framework")
        static let language = Category(rawValue: "language")
        static let size = Category(rawValue: "size")
        /// What an author made up.
        static let other = Category(rawValue: "other")

        /// Whether CSGHub has it by itself.
        var isBuiltIn: Bool { [.task, .license, .framework, .language, .size].contains(self) }
    }

    let name: String
    let category: Category

    /// The tags of a card, the telling ones first; a name stands once in each category.
    static func all(of card: Card, _ kind: RepositoryKind) -> [CSGHubTag] {
        let tasks =
            kind == .dataset ? card.data?["task_categories"]?.strings ?? [] : [card.pipelineTag].compactMap(\.self)
        let sizes = card.data?["size_categories"]?.strings ?? []
        let groups: [(Category, [String])] = [
            (.task, tasks), (.license, card.licenses), (.framework, [card.libraryName].compactMap(\.self)),
            (.language, card.languages), (.size, sizes), (.other, card.data?["tags"]?.strings ?? []),
        ]
        var tags: [CSGHubTag] = []
        for (category, names) in groups {
            for name in names where !name.isEmpty {
                let tag = CSGHubTag(name: name, category: category)
                if !tags.contains(tag) { tags.append(tag) }
            }
        }
        return tags
    }
}

extension JSONWriter {
    /// - Parameter createdAt: milliseconds since 1970.
    mutating func csghubTag(_ tag: CSGHubTag, of kind: RepositoryKind, createdAt: Int64) {
        let date = JSONDate.text(milliseconds: createdAt)
        let known = TagCatalogue.tag(tag.name, category: tag.category.rawValue, scope: kind)
        object { json in
            if let known { json.member("id", known.id) }
            json.member("name", tag.name)
            json.member("category", tag.category.rawValue)
            json.member("group", known?.group ?? "")
            json.member("built_in", tag.category.isBuiltIn || known != nil)
            json.member("scope", kind.csghubScope)
            json.member("show_name", known?.showName ?? tag.name)
            json.member("i18n_key", "")
            json.member("created_at", date)
            json.member("updated_at", date)
        }
    }
}
