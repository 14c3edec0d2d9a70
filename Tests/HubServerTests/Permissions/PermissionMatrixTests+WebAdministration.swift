import HubCore

extension PermissionMatrixTests {
    /// Pages: users, organisations and quotas.
    static let webAdministration: [String: PermissionRow] = [:]
}
