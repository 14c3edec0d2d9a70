extension PolicySnapshot {
    /// The approvals that together cover every reason for which something is held; nil when one of them is not covered.
    ///
    /// An approval covers what the approver saw. It never reaches a `deny`: those are not asked here.
    static func approvals(covering held: [DeterminingRule], _ facts: Facts) -> [ApprovalFact]? {
        guard let approvals = facts.approvals, !approvals.isEmpty, !held.isEmpty else { return nil }
        var used: [ApprovalFact] = []
        for rule in held {
            let key = rule.reasonKey
            guard let approval = approvals.first(where: { $0.covers.contains(key) }) else { return nil }
            if !used.contains(approval) { used.append(approval) }
        }
        return used
    }

    /// What people read of an approval that let something pass.
    static func advisory(_ approval: ApprovalFact, of held: [DeterminingRule]) -> DeterminingRule? {
        guard let first = held.first(where: { approval.covers.contains($0.reasonKey) }) else { return nil }
        return DeterminingRule(
            id: ApprovalSettings.ruleID, file: first.file, line: first.line, column: first.column, action: .allow,
            enforcement: .enforce, reason: "\(approval.text): it was held by rule '\(first.id)': \(first.reason)",
            message: nil)
    }
}
