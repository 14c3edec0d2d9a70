import HubCore

extension PermissionMatrixTests {
    /// Pages: the rows of a dataset.
    static let webViewer: [String: PermissionRow] = [:]
}
