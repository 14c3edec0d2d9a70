/// Who lets content of a mirror pass that is under review, and what is served meanwhile.
package struct ApprovalSettings: Sendable, Hashable {
    /// The id under which decisions name an approval.
    static let ruleID = "approval"

    /// Whether the last commit of a branch that passed answers for the branch while a newer one waits.
    package var servePrevious = false
    /// How long an approval lasts that was given without an end; nil: it does not end.
    package var expireAfter: Duration?
    /// `org:NAME` or `user:NAME`: who may decide, besides those who may on the whole hub.
    package var approvers: [String] = []
}
