/// Whether a rule blocks, or only leaves its mark.
package enum Enforcement: String, Sendable, Hashable, CaseIterable {
    case enforce
    /// Recorded, and worth telling the user.
    case warn
    /// Recorded only.
    case audit
}
