import HubCore

extension PermissionMatrixTests {
    /// Pages: discussions and pull requests.
    static let webCommunity: [String: PermissionRow] = [:]
}
