/// What holds for a revision, all things considered: what it says itself, and what its ancestors bring along.
package struct LicenseConclusion: Sendable, Hashable, Codable {
    /// A licence that holds, and the way by which it came.
    package struct Term: Sendable, Hashable, Codable {
        package let expression: LicenseExpression
        /// From the repository itself (`[a/b]`) to the ancestor that brought it (`[a/b, c/d, e/f]`).
        package let path: [String]
        /// How the one before the last is made from the last; nil for the repository itself.
        package let relation: LicenseLineage.Relation?
        /// Where the licence is said.
        package let source: LicenseSource
        /// For people: `LICENSE, lines 1–202: 99 % the words of Apache-2.0` or `card: apache-2.0`.
        package let evidence: String
        /// How many bring the same terms; the path is the shortest of theirs.
        package var count: Int
    }

    /// An obligation, and the shortest way by which it came.
    package struct Obligation: Sendable, Hashable, Codable {
        package let flag: LicenseFlag
        /// The licence that has it, as a canonical expression.
        package let license: String
        package let path: [String]
    }

    /// What the card, else a tag, else the upstream says; `unknown` where none says anything.
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
    /// Ancestors of which nothing is known here, each with the way to it; the first hundred.
    package let unknownAncestors: [[String]]
    /// Whether there are more ancestors than are looked at.
    package let isTruncated: Bool
    /// How many ancestors were looked at.
    package let ancestorCount: Int

    /// All flags of `obligations`.
    package var flags: Set<LicenseFlag> { Set(obligations.map(\.flag)) }
}

extension LicenseConclusion {
    /// The ways by which terms came, as people read them: `a/b ← c/d (finetune): llama3`.
    package var chain: [String] {
        terms.map { term in
            let way = term.path.joined(separator: " ← ")
            let relation = term.relation.map { " (\($0.rawValue))" } ?? ""
            let others = term.count > 1 ? " and \(term.count - 1) more" : ""
            return "\(way)\(relation): \(term.expression) [\(term.evidence)]\(others)"
        } + unknownAncestors.map { "\($0.joined(separator: " ← ")): not known here" }
    }
}
