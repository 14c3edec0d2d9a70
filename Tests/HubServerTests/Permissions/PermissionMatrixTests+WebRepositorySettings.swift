import HubCore

extension PermissionMatrixTests {
    /// Pages: settings of a repository.
    static let webRepositorySettings: [String: PermissionRow] = [:]
}
