import HubCore

extension PermissionMatrixTests {
    /// Pages: licences, provenance, scans, storage, audit.
    static let webCompliance: [String: PermissionRow] = [:]
}
