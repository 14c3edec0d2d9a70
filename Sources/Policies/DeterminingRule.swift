/// A rule that applied, where it is written, and what made it apply.
package struct DeterminingRule: Sendable, Hashable {
    /// The rule's id; `license` for the licence lists, `default` for `spec.default`.
    package let id: String
    package let file: String
    package let line: Int
    package let column: Int
    /// What the rule asks for. A cap (an `allow` rule with `maxSize`) that was exceeded asks for `deny`.
    package let action: RuleAction
    package let enforcement: Enforcement
    /// What made it apply: "licence cc-by-nc-4.0 is non-commercial".
    package let reason: String
    /// Its author's own words; nil when there are none.
    package let message: String?

    /// `rule 'no-nc' (mirrors.d/hf.yaml:14): licence cc-by-nc-4.0 is non-commercial; ask legal@…`
    package var explanation: String {
        "rule '\(id)' (\(file):\(line)): \(reason)" + (message.map { "; \($0)" } ?? "")
    }
}
