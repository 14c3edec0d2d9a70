import HubCore

extension PermissionMatrixTests {
    /// Pages: the start page, and the pages of people and organisations.
    static let webHome: [String: PermissionRow] = [:]
}
