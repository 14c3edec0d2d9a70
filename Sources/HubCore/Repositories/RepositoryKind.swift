/// What a repository holds. Every kind is a git repository with LFS; the kind decides its routes and its card.
package enum RepositoryKind: String, Sendable, CaseIterable, Codable {
    case model
    case dataset
    case space
    case code

    /// The path word of this kind: `models`, `datasets`, `spaces`, `codes`.
    package var plural: String { rawValue + "s" }

    /// Reads `models` as well as `model`; nil for anything else.
    package init?(word: some StringProtocol) {
        let lowered = word.lowercased()
        guard let kind = Self.allCases.first(where: { $0.rawValue == lowered || $0.plural == lowered }) else {
            return nil
        }
        self = kind
    }
}
