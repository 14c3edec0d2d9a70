/// The words that are there before any administrator lays down one: tasks by modality, licences, frameworks, languages
/// and what else CSGHub and Hugging Face sort by. Each hub's dialect shows them in its own way.
package enum TagCatalogue {
    /// Every word, by kind, category and name.
    package static let all: [VocabularyTag] = make()

    /// A word by its number; nil for none of these.
    package static func tag(_ id: Int64) -> VocabularyTag? { byID[id] }

    /// A word by its place, ignoring the case of its name.
    package static func tag(_ name: String, category: String, scope: RepositoryKind) -> VocabularyTag? {
        byID[number(of: name, category, scope)]
    }

    private static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })

    private static func make() -> [VocabularyTag] {
        var tags: [VocabularyTag] = []
        func add(_ name: String, _ showName: String, _ category: String, _ group: String, _ scopes: [RepositoryKind]) {
            for scope in scopes {
                tags.append(
                    VocabularyTag(
                        id: number(of: name, category, scope), name: name, category: category, group: group,
                        scope: scope, isBuiltIn: true, showName: showName, translationKey: "", createdAt: 0,
                        updatedAt: 0))
            }
        }
        for (group, names) in modelTasks { for name in names { add(name, text(of: name), "task", group, [.model]) } }
        for (group, names) in datasetTasks {
            for name in names { add(name, text(of: name), "task", group, [.dataset]) }
        }
        for license in licenses { add(license.name, license.name, "license", "", RepositoryKind.allCases) }
        for framework in frameworks { add(framework.name, framework.showName, "framework", "", [.model, .dataset]) }
        for language in languages {
            add(language.name, language.showName, "language", "", [.model, .dataset, .code, .space, .prompt])
        }
        for size in sizes { add(size, size, "size", "", [.dataset]) }
        for industry in industries { add(industry, industry, "industry", "", [.model, .dataset, .code, .space]) }
        for task in serverTasks { add(task, task, "task", "", [.mcpserver]) }
        for language in programmingLanguages { add(language, language, "program_language", "", [.mcpserver]) }
        for mode in serverModes { add(mode, mode, "runmode", "", [.mcpserver]) }
        for publisher in publishers { add(publisher, publisher, "publisher", "", [.mcpserver]) }
        for task in skillTasks { add(task, text(of: task), "task", "agentichub", [.skill]) }
        return tags.sorted {
            ($0.scope.rawValue, $0.category, $0.name) < ($1.scope.rawValue, $1.category, $1.name)
        }
    }

    /// A number of 40 bits that is the word's own whatever else the catalogue has, so that clients may keep it. Numbers
    /// that administrators' words get are far above.
    private static func number(of name: String, _ category: String, _ scope: RepositoryKind) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(scope.rawValue)/\(category)/\(name.lowercased())".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return Int64(hash >> 24)
    }

    /// `image-text-to-text` as people read it.
    private static func text(of name: String) -> String {
        let words = name.replacing("text2text", with: "text-to-text").replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
