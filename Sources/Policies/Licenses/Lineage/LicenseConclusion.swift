/// What holds for a revision, all things considered: what it says itself, and what its ancestors bring along.
package struct LicenseConclusion: Sendable, Hashable, Codable {
    /// A licence that holds, and the way by which it came.
    package struct Term: Sendable, Hashable, Codable {
        package let expression: LicenseExpression
        /// From the repository itself (`[a/b]`) to the ancestor that brought it (`[a/b, c/d, e/f]`).
        package let path: [String]
        /// How the last of the path is related to the one before it; nil for the repository itself.
        package let relation: LicenseLineage.Relation?
        /// Where the licence is said.
        package let source: LicenseSource
        /// How many ancestors bring the same terms; the path is the shortest of theirs.
        package let count: Int

        package init(
            expression: LicenseExpression, path: [String], relation: LicenseLineage.Relation?, source: LicenseSource,
            count: Int = 1
        ) {
            self.expression = expression
            self.path = path
            self.relation = relation
            self.source = source
            self.count = count
        }
    }

    /// An obligation, and the shortest way by which it came.
    package struct Obligation: Sendable, Hashable, Codable {
        package let flag: LicenseFlag
        /// The licence that has it, as a canonical expression.
        package let license: String
        package let path: [String]
    }

    /// What the card or the upstream says, as a canonical expression; `unknown` where it says nothing.
    package let declared: LicenseExpression
    /// Where `declared` is said.
    package let declaredSource: LicenseSource
    /// What holds for the repository by itself: its texts before its card.
    package let own: LicenseExpression
    /// What holds by itself and by its ancestors: all of `terms`.
    package let concluded: LicenseExpression
    /// The repository's own first, then its ancestors' by distance; each expression once.
    package let terms: [Term]
    /// Sorted by flag; each flag once.
    package let obligations: [Obligation]
    package let conflicts: [LicenseConflict]
    /// About datasets it was made from: for people, no part of the terms.
    package let advisories: [LicenseConflict]
    /// Ancestors about which nothing is known here, each with the way to it.
    package let unknownAncestors: [[String]]
    /// Whether there were more ancestors than are looked at.
    package let isTruncated: Bool
    /// How many ancestors were looked at.
    package let ancestorCount: Int

    /// All flags of `obligations`.
    package var flags: Set<LicenseFlag> { Set(obligations.map(\.flag)) }
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

/// A contradiction, and the way by which it comes about.
package struct LicenseConflict: Sendable, Hashable, Codable {
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
    package let path: [String]
}
