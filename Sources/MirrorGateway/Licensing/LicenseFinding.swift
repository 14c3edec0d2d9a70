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

extension LicenseFinding {
    /// The finding as people read it on a terminal, one `name: what` a line.
    package var lines: [String] {
        var lines = [
            "licence declared: \(conclusion.declared) (\(conclusion.declaredSource.rawValue))",
            "licence concluded: \(conclusion.concluded)",
        ]
        if !conclusion.flags.isEmpty {
            lines.append("licence flags: " + conclusion.flags.sorted().map(\.rawValue).joined(separator: ", "))
        }
        lines += conclusion.chain.map { "licence chain: \($0)" }
        for text in evidence.texts ?? [] { lines.append("licence text: \(text.path): \(Self.words(of: text))") }
        lines += conclusion.conflicts.map { "licence conflict: \($0.description)" }
        lines += conclusion.advisories.map { "licence advice: \($0.description)" }
        lines += remarks.map { "licence remark: \($0)" }
        return lines.map(\.onOneLine)
    }

    /// What a licence file was recognised as, for people.
    package static func words(of text: LicenseEvidence.Text) -> String {
        if let unread = text.unread { return "not read: \(unread)" }
        guard let match = match(of: text) else { return "no licence that is known" }
        return match.evidence.isEmpty ? match.expression.description : "\(match.expression): \(match.evidence)"
    }

    /// What a licence file was recognised as; nil for none.
    package static func match(of text: LicenseEvidence.Text) -> LicenseTextMatch? {
        text.match.flatMap { try? JSONText.decode(LicenseTextMatch.self, from: $0) }
    }
}

extension Licensing {
    /// The finding on a snapshot, for somebody who may read all of its files; nil for others, and where there is none.
    package func finding(of snapshot: Snapshot?, for reader: Repository) async throws -> LicenseFinding? {
        guard let snapshot, !reader.rules.limitsReading else { return nil }
        return try await finding(of: snapshot.repository, commit: snapshot.commit)
    }
}
