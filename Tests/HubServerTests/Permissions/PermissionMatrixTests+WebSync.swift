import HubCore

extension PermissionMatrixTests {
    /// Pages: upstreams, syncs and jobs.
    static let webSync: [String: PermissionRow] = [:]
}
