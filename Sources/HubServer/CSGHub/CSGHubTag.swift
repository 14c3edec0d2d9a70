import HubCore

/// One tag of a repository, as its card has it.
struct CSGHubTag: Equatable, Sendable {
    /// The groups CSGHub sorts tags into, as far as cards know them.
    enum Category: String, CaseIterable, Sendable {
        case task, license, framework, language, size
        /// What an author made up.
        case other
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

    /// The flat form in which the hub keeps the tag for searches (`Card.tags(for:)`).
    static func flat(_ name: String, _ category: Category?, of kind: RepositoryKind) -> String {
        switch (category, kind) {
        case (.license, _): "license:\(name)"
        case (.task, .dataset): "task_categories:\(name)"
        case (.language, .dataset): "language:\(name)"
        case (.size, .dataset): "size_categories:\(name)"
        default: name
        }
    }
}

extension JSONWriter {
    /// - Parameter createdAt: milliseconds since 1970.
    mutating func csghubTag(_ tag: CSGHubTag, of kind: RepositoryKind, createdAt: Int64) {
        let date = JSONDate.text(milliseconds: createdAt)
        object { json in
            json.member("name", tag.name)
            json.member("category", tag.category.rawValue)
            json.member("group", "")
            json.member("built_in", tag.category != .other)
            json.member("scope", kind.rawValue)
            json.member("show_name", tag.name)
            json.member("i18n_key", "")
            json.member("created_at", date)
            json.member("updated_at", date)
        }
    }
}
