import Foundation

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
    /// The reasons that the approver saw, as `DeterminingRule.reasonKey` names them. What is held for another reason
    /// stays held.
    package let covers: Set<String>

    package init(id: Int64, approver: String, scope: String, expiresAt: Int64?, covers: Set<String> = []) {
        self.id = id
        self.approver = approver
        self.scope = scope
        self.expiresAt = expiresAt
        self.covers = covers
    }

    /// `approval #12 by alice (revision 0a1b…) until 2026-03-01T00:00:00Z`
    var text: String {
        let end = expiresAt.map { milliseconds in
            " until " + Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(.iso8601)
        }
        return "approval #\(id) by \(approver) (\(scope))\(end ?? "")"
    }
}
