/// What the policy says about one piece of content, why, and what the reader can do.
package struct Decision: Sendable, Equatable {
    /// Ordered: the later one wins over the earlier ones.
    package enum Outcome: String, Sendable, Hashable, Comparable, CaseIterable {
        case allow
        case review
        case deny

        private var rank: Int {
            switch self {
            case .allow: 0
            case .review: 1
            case .deny: 2
            }
        }

        package static func < (left: Outcome, right: Outcome) -> Bool { left.rank < right.rank }
    }

    package let outcome: Outcome
    /// The rules that brought about the outcome, in file order; empty when nothing said otherwise.
    package let determining: [DeterminingRule]
    /// Rules that apply with `enforcement: warn` or `audit`, and therefore block nothing.
    package let advisories: [DeterminingRule]
    /// The facts that were known, as people read them.
    package let facts: [RenderedFact]
    /// Rules that could not be judged, each with the facts that were missing.
    package let notEvaluated: [String]
    /// Rules that refuse some files and could not be judged because the file was not named.
    package let awaitingFile: [DeterminingRule]
    /// Digest of the policy files that decided.
    package let policyDigest: String
    /// What the reader can do, best first; empty when allowed.
    package let remedy: [String]
    /// What scans found, for people who ask why; nil where they were not looked at.
    package var scan: ScanFacts?
    /// Every rule that was judged, for people who ask why; empty where nobody did.
    package var trace: [RuleStep] = []

    package var isAllowed: Bool { outcome == .allow }

    /// Whether it is held by a rule that keeps it apart.
    package var isQuarantined: Bool { outcome == .review && determining.contains { $0.action == .quarantine } }

    /// The same with something else that the reader can do, before the rest.
    package func adding(remedy first: String) -> Decision {
        var decision = Decision(
            outcome: outcome, determining: determining, advisories: advisories, facts: facts,
            notEvaluated: notEvaluated, awaitingFile: awaitingFile, policyDigest: policyDigest,
            remedy: [first] + remedy)
        (decision.scan, decision.trace) = (scan, trace)
        return decision
    }

    /// One line for people, the same on every surface:
    /// `denied by rule 'no-nc' (mirrors.d/hf.yaml:14): licence cc-by-nc-4.0 is non-commercial; ask legal@…`
    package var explanation: String {
        let verb =
            switch outcome {
            case .allow: "allowed"
            case .review: isQuarantined ? "held in quarantine" : "held for review"
            case .deny: "denied"
            }
        guard let first = determining.first else { return "\(verb): no rule says otherwise" }
        return "\(verb) by "
            + ([first.explanation] + determining.dropFirst().map { "also " + $0.explanation })
            .joined(separator: ", ")
    }
}
