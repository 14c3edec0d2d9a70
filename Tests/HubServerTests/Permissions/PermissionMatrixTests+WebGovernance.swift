import HubCore

extension PermissionMatrixTests {
    /// Pages: policies, explanations, approvals, bundles.
    static let webGovernance: [String: PermissionRow] = [:]
}
