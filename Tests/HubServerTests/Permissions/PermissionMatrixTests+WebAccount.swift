import HubCore

extension PermissionMatrixTests {
    /// Pages: signing in, and what is somebody's own.
    static let webAccount: [String: PermissionRow] = [
        "GET /login": .everyone,
        "POST /login": .everyone,
        "POST /logout": .everyone,
        "GET /notifications": .account,
        "POST /notifications": .account,
        "GET /settings": .account,
        "POST /settings": .account,
        "GET /settings/password": .account,
        "POST /settings/password": .account,
        "GET /settings/tokens": .account,
        // The handler turns away whoever is nobody, and keeps what he wrote.
        "POST /settings/tokens": .everyone,
        "GET /settings/keys": .account,
        "POST /settings/keys": .account,
        "GET /settings/sessions": .account,
        "POST /settings/sessions": .account,
        // They are the browser's, whoever uses it.
        "GET /settings/preferences": .everyone,
        "POST /settings/preferences": .everyone,
    ]

    /// Scripts, styles, fonts and pictures.
    static let webAssets: [String: PermissionRow] = [
        "GET /assets/icons.svg": .everyone,
        "GET /assets/mermaid-frame": .everyone,
        "GET /assets/{digest}/{path...}": .everyone,
    ]
}
