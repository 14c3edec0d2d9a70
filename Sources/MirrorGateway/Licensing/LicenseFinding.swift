package import HubCore
package import Policies

/// What is known of the terms of one commit, and how.
package struct LicenseFinding: Sendable {
    package let conclusion: LicenseConclusion
    /// What the commit itself says.
    package let evidence: LicenseEvidence
    /// It and everything it was made from, as far as that is known; it comes first.
    package let chain: [Link]
    /// What could not be looked at.
    package let remarks: [String]

    /// One member of a lineage.
    package struct Link: Sendable, Hashable {
        /// How it is called in paths.
        package let name: String
        /// As it is named here, where it is stored here or an upstream told of it.
        package let repository: RepositoryID?
        /// Nil where nothing of it is stored.
        package let commit: CommitID?
        package let knowledge: Knowledge
        /// What it says of itself, in one expression.
        package let licenses: [String]
        /// What it was made from, by the names of other links, and how.
        package let parents: [LicenseLineage.Parent]
    }

    /// How something is known.
    package enum Knowledge: String, Sendable, Hashable, CaseIterable {
        /// Its files are here.
        case stored
        /// An upstream told of it.
        case told
        /// Only its name is known.
        case unknown
    }
}

extension LicenseConclusion {
    /// The licences with the ways by which they came, for people: `acme/q ← acme/t ← acme/b: LicenseRef-llama3 (text)`.
    package var chainLines: [String] {
        terms.map { term in
            "\(term.path.joined(separator: " <- ")): \(term.expression) (\(term.source.rawValue))"
        }
    }
}
