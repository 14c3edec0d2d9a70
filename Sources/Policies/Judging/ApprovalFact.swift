/// That somebody with the right to do so looked at content under review and let it pass.
package struct ApprovalFact: Sendable, Hashable {
    /// The request that was approved.
    package let id: Int64
    /// Who approved it.
    package let approver: String
    /// What it covers, for people: `revision 0a1b…`.
    package let scope: String
    /// Milliseconds since 1970; nil: it does not end.
    package let expiresAt: Int64?

    package init(id: Int64, approver: String, scope: String, expiresAt: Int64?) {
        self.id = id
        self.approver = approver
        self.scope = scope
        self.expiresAt = expiresAt
    }
}
