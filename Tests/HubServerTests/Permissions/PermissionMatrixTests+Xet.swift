import HubCore

extension PermissionMatrixTests {
    /// The storage itself takes grants of its own, not accounts.
    static let xet: [String: PermissionRow] = [
        "GET /api/*/{namespace}/{name}/xet-read-token/{revision}/{path...}": .opens(.contentRead),
        "GET /api/*/{namespace}/{name}/xet-write-token/{revision}/{path...}": .opens(.contentWrite),
    ]
}
