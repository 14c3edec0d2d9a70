import HubCore

extension PermissionMatrixTests {
    /// Pages: lists, searching and comparing, each of what its reader may discover.
    static let webCatalogue: [String: PermissionRow] = [
        "GET /*": .everyone,
        "GET /search": .everyone,
        "GET /search/palette": .everyone,
        "GET /compare": .everyone,
    ]
}
