import HubCore

extension PermissionMatrixTests {
    /// Pages: the start, and profiles, which show what their reader may discover.
    static let webHome: [String: PermissionRow] = [
        "GET /": .everyone,
        // Who is called `none` is nobody.
        "GET /{account}": PermissionRow(access: .everyone, passes: 404),
    ]
}
