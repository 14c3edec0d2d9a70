import HubCore

extension PermissionMatrixTests {
    /// Pages: signing in, and what is somebody's own.
    static let webAccount: [String: PermissionRow] = [
        "GET /login": .everyone,
        "POST /login": .everyone,
        "POST /logout": .everyone,
    ]

    /// Scripts, styles, fonts and pictures.
    static let webAssets: [String: PermissionRow] = [
        "GET /assets/icons.svg": .everyone,
        "GET /assets/mermaid-frame": .everyone,
        "GET /assets/{digest}/{path...}": .everyone,
    ]
}
