package import HubCore

extension CatalogueQuery {
    /// Reads what a list is narrowed to from a request's query.
    /// - Throws: `.badRequest` for words that are none of ours.
    package init(_ query: QueryParameters) throws {
        self.init()
        if let word = query.first("kind"), !word.isEmpty { kind = try Self.kind(word) }
        search = (query.first("q") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        guard search.count <= Self.maximumWords else {
            throw HubError(.badRequest, "A search has at most \(Self.maximumWords) words.")
        }
        author = query.first("author").flatMap { $0.isEmpty ? nil : $0 }
        for facet in [CatalogueFacet.task, .library, .language, .tag] {
            facets += query.all(facet.rawValue).filter { !$0.isEmpty }.map { (facet, $0) }
        }
        licenses = query.all("license").filter { !$0.isEmpty }
        if let words = query.first("state"), !words.isEmpty {
            states =
                words == "any" ? [] : Set(try words.split(separator: ",").map { try Self.word(String($0), "state") })
        }
        if let word = query.first("sort"), !word.isEmpty { order = try Self.word(word, "sort") }
        isAscending = try Self.direction(query.first("direction")) ?? (order == .name)
        isHere = try query.bool("mirrored")
        isBehind = try query.bool("behind", default: false)
        limit = try query.integer("limit", in: 1...200) ?? 50
    }

    private static let maximumWords = 16

    private static func kind(_ word: String) throws -> RepositoryKind {
        guard let kind = RepositoryKind(word: word) else {
            throw HubError(
                .badRequest, "'\(word)' is no kind of repository.",
                remedy: "Write one of \(RepositoryKind.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return kind
    }

    private static func word<Word: RawRepresentable<String> & CaseIterable>(_ text: String, _ name: String) throws
        -> Word
    {
        guard let word = Word(rawValue: text) else {
            throw HubError(
                .badRequest, "The query parameter \(name) cannot be '\(text)'.",
                remedy: "Write one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return word
    }

    private static func direction(_ text: String?) throws -> Bool? {
        switch text {
        case nil, "": return nil
        case "asc", "1": return true
        case "desc", "-1": return false
        case .some(let text):
            throw HubError(.badRequest, "'\(text)' is no direction.", remedy: "Write asc or desc.")
        }
    }
}
