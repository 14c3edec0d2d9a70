extension DocumentReader {
    static let approvalKeys = ["servePrevious", "expireAfter", "approvers"]

    /// Reads an `approvals` block.
    func approvals(_ node: DocumentNode) -> ApprovalSettings? {
        guard let fields = fields(node, "approvals", keys: Self.approvalKeys) else { return nil }
        var approvals = ApprovalSettings()
        approvals.servePrevious = fields["servePrevious"].flatMap { boolean($0, "servePrevious") } ?? false
        approvals.expireAfter = fields["expireAfter"].flatMap { duration($0, "expireAfter", allowsZero: false) }
        approvals.approvers =
            fields["approvers"].flatMap { items($0, "approvers", example: "approvers: [\"org:security\"]") }?
            .compactMap(approver) ?? []
        return approvals
    }

    private func approver(_ node: DocumentNode) -> String? {
        guard let text = text(node, "approvers") else { return nil }
        let name = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard name.count == 2, name[0] == "user" || name[0] == "org", !name[1].isEmpty, name[1] != "*" else {
            error(node, "'\(text)' is not an approver", remedy: "write \"user:NAME\" or \"org:NAME\"")
            return nil
        }
        return text
    }
}
