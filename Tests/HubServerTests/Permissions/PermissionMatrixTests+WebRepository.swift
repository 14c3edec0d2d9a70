import HubCore

extension PermissionMatrixTests {
    /// Pages: what a repository is: its card, files, history, lineage.
    static let webRepository: [String: PermissionRow] = [:]
}
