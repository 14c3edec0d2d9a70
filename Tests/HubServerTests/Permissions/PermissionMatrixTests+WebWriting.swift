import HubCore

extension PermissionMatrixTests {
    /// Pages: changing a repository in the browser.
    static let webWriting: [String: PermissionRow] = [:]
}
