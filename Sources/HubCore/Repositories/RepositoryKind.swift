/// What a repository holds. Every kind is a git repository with LFS; the kind decides its routes and its card.
package enum RepositoryKind: String, Sendable, CaseIterable, Codable {
    case model
    case dataset
    case space
    case code
    case prompt
    case mcpserver
    case skill

    /// The path word of this kind in APIs and downloads: `models`, `datasets`, `mcps`.
    package var plural: String { self == .mcpserver ? "mcps" : rawValue + "s" }

    /// The path word of this kind where git clones from: CSGHub says `mcpservers` there, and `mcps` everywhere else.
    package var gitPlural: String { rawValue + "s" }

    /// Reads `models` as well as `model`; nil for anything else.
    package init?(word: some StringProtocol) {
        let lowered = word.lowercased()
        let known = Self.allCases.first {
            $0.rawValue == lowered || $0.plural == lowered || $0.gitPlural == lowered
        }
        guard let known else { return nil }
        self = known
    }
}
