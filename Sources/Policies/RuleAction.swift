/// What a rule does with the content that it matches.
package enum RuleAction: String, Sendable, Hashable, CaseIterable {
    case allow
    case deny
    case review
    /// Held like `review`, and what was fetched of it is kept apart: read by approvers as evidence and by nobody else.
    case quarantine

    /// What the action makes of a decision.
    package var outcome: Decision.Outcome {
        switch self {
        case .allow: .allow
        case .deny: .deny
        case .review, .quarantine: .review
        }
    }
}
