/// One rule of a mirror or of a policy set.
package struct Rule: Sendable, Hashable {
    /// Ids that decisions use for what is not in `rules`.
    static let reservedIDs: Set<String> = [LicenseRules.ruleID, "default", ApprovalSettings.ruleID]

    package let id: String
    package let action: RuleAction
    package let enforcement: Enforcement
    package let message: String?
    /// Where the rule begins.
    package let location: SourceLocation
    let selector: RuleSelector
    let condition: Expression?

    /// Whether the answer depends on who asks, so that it may not be shared between users.
    package var dependsOnRequester: Bool {
        condition?.facts.contains(where: \.isRequester) ?? false
    }

    /// Whether the rule matches all content.
    var isUnconditional: Bool { condition == nil && selector.isEmpty }
}
