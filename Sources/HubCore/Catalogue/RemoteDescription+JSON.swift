extension RemoteDescription {
    /// Tags and languages that are kept of one repository; no more are searched for.
    static let maximumWords = 200
    /// Bytes of one of them.
    static let maximumWordBytes = 255
    /// Characters of a title or a summary.
    static let maximumText = 2_000
    /// Bytes of `owner/name`.
    static let maximumPathBytes = 255

    /// The description within what the catalogue holds: upstreams may tell anything.
    func bounded() -> RemoteDescription {
        func words(_ words: [String]) -> [String] {
            var seen: Set<String> = []
            var kept: [String] = []
            for word in words where !word.isEmpty && word.utf8.count <= Self.maximumWordBytes {
                guard !word.utf8.contains(0), seen.insert(word).inserted else { continue }
                kept.append(word)
                if kept.count == Self.maximumWords { break }
            }
            return kept
        }
        func text(_ text: String?) -> String? {
            text.map { String($0.prefix(Self.maximumText).filter { $0 != "\0" }) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        func word(_ word: String?) -> String? { word.flatMap { words([$0]).first } }
        func count(_ count: Int64?) -> Int64? { count.flatMap { $0 < 0 ? nil : $0 } }
        var copy = self
        copy.title = text(title)
        copy.summary = text(summary)
        copy.tags = words(tags)
        copy.licenses = words(licenses)
        copy.languages = words(languages)
        copy.task = word(task)
        copy.library = word(library)
        copy.author = word(author)
        copy.defaultBranch = word(defaultBranch)
        copy.downloads = count(downloads)
        copy.likes = count(likes)
        copy.createdAt = count(createdAt)
        copy.updatedAt = count(updatedAt)
        copy.totalSize = count(totalSize)
        copy.fileCount = count(fileCount)
        copy.parameters = count(parameters)
        copy.parametersByType = Dictionary(
            uniqueKeysWithValues: parametersByType.filter { $0.value >= 0 && $0.key.utf8.count <= 32 }.prefix(64).map {
                ($0.key, $0.value)
            })
        return copy
    }

    /// What a column holds of it; what is not known is left out.
    var json: JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ key: String, _ value: JSONValue?) {
            if let value { members.append(.init(key: key, value: value)) }
        }
        func add(_ key: String, _ text: String?) { add(key, text.map(JSONValue.string)) }
        func add(_ key: String, _ number: Int64?) { add(key, number.map(JSONValue.integer)) }
        func add(_ key: String, _ texts: [String]) {
            if !texts.isEmpty { add(key, JSONValue.array(texts.map(JSONValue.string))) }
        }
        add("author", author)
        add("commit", commit?.hex)
        add("createdAt", createdAt)
        add("defaultBranch", defaultBranch)
        add("downloads", downloads)
        add("fileCount", fileCount)
        add("gated", isGated ? JSONValue.boolean(true) : nil)
        add("languages", languages)
        add("library", library)
        add("licenses", licenses)
        add("likes", likes)
        add("parameters", parameters)
        if !parametersByType.isEmpty {
            add(
                "parametersByType",
                JSONValue.object(
                    parametersByType.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .integer($0.value)) }))
        }
        add("private", isPrivate ? JSONValue.boolean(true) : nil)
        add("summary", summary)
        add("tags", tags)
        add("task", task)
        add("title", title)
        add("totalSize", totalSize)
        add("updatedAt", updatedAt)
        return .object(members)
    }

    /// Reads what ``json`` wrote.
    init(kind: RepositoryKind, path: String, json: JSONValue) {
        func number(_ key: String) -> Int64? {
            if case .integer(let value)? = json[key] { value } else { nil }
        }
        var byType: [String: Int64] = [:]
        if case .object(let members)? = json["parametersByType"] {
            for member in members {
                if case .integer(let count) = member.value { byType[member.key] = count }
            }
        }
        self.init(
            kind: kind, path: path, title: json["title"]?.string, summary: json["summary"]?.string,
            tags: json["tags"]?.strings ?? [], licenses: json["licenses"]?.strings ?? [], task: json["task"]?.string,
            library: json["library"]?.string, languages: json["languages"]?.strings ?? [],
            author: json["author"]?.string, downloads: number("downloads"), likes: number("likes"),
            commit: json["commit"]?.string.flatMap { CommitID($0) }, defaultBranch: json["defaultBranch"]?.string,
            createdAt: number("createdAt"), updatedAt: number("updatedAt"),
            isPrivate: json["private"] == .boolean(true), isGated: json["gated"] == .boolean(true),
            totalSize: number("totalSize"), fileCount: number("fileCount"), parameters: number("parameters"),
            parametersByType: byType)
    }
}
