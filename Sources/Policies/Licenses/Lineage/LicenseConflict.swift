/// A contradiction, and the way by which it comes about.
package struct LicenseConflict: Sendable, Hashable, Codable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The words of the LICENSE file are those of another licence than the card names.
        case textMismatch = "text-mismatch"
        /// Strong copyleft in the LICENSE file under a card that says nothing of it.
        case copyleftText = "copyleft-text"
        /// A known licence whose text has clauses added or removed.
        case modifiedText = "modified-text"
        /// Card, tag and upstream name different licences.
        case sourceMismatch = "source-mismatch"
        /// An ancestor's terms restrict more than the licence that is named.
        case restrictionDropped = "restriction-dropped"
        /// Derived from what must not be changed.
        case noDerivatives = "no-derivatives"
        /// An ancestor asks for its own licence, and another is named.
        case copyleftDropped = "copyleft-dropped"
        /// The ancestor's LICENSE or NOTICE file does not come along.
        case missingNotice = "missing-notice"
        /// It names itself among its ancestors.
        case cycle
        /// A dataset it was made from has terms of its own.
        case dataset
    }

    package let kind: Kind
    /// One clause for people: `says MIT; grand-parent acme/x is llama3, which has a cap on users or revenue`.
    package let text: String
    /// From the repository itself to what causes it.
    package let path: [String]

    /// The clause with the way: `says MIT; … (by a/b ← c/d ← acme/x)`.
    package var description: String {
        path.count > 1 ? "\(text) (by \(path.joined(separator: " ← ")))" : text
    }
}

/// Where a licence is said, in order of trust: the first that says something holds.
package enum LicenseSource: String, Sendable, Hashable, Codable, CaseIterable {
    /// The words of a LICENSE file.
    case text
    /// `license` of the card.
    case card
    /// A tag `license:…`.
    case tag
    /// The upstream's own answer.
    case api
    /// Nowhere.
    case none
}
