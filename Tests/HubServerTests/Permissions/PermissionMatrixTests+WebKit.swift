import HubCore

extension PermissionMatrixTests {
    /// Pages: every component in every state.
    static let webKit: [String: PermissionRow] = [
        "GET /ui/kit": .everyone
    ]
}
