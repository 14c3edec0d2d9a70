import HubCore

extension PermissionMatrixTests {
    /// Pages: lists of repositories, search and comparing.
    static let webCatalogue: [String: PermissionRow] = [:]
}
