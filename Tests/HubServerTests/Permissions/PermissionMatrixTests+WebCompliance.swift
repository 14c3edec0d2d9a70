import HubCore

extension PermissionMatrixTests {
    /// Pages: licences, provenance, scans, storage, audit. Who may see an organisation's licences and audit log is asked
    /// when the organisation is known.
    static let webCompliance: [String: PermissionRow] = [
        "GET /console/licenses": .account,
        "GET /console/provenance": .opens(.metaRead),
        "GET /console/log": .everyone,
        "POST /console/log": .hub(.auditRead),
        "GET /console/scans": .hub(.auditRead),
        "POST /console/scans": .hub(.mirrorSync),
        "GET /console/storage": .hub(.mirrorSync),
        "POST /console/storage": .hub(.mirrorSync),
        "GET /console/audit": .account,
        "GET /console/audit/export": .account,
        "GET /console/tombstones": .account,
        "POST /console/tombstones": .hub(.mirrorSync),
    ]
}
