import HubCore

extension PermissionMatrixTests {
    /// The storage itself takes grants of its own, not accounts. The revision says nothing, so another's does not harm.
    static let xet: [String: PermissionRow] = [
        "GET /api/*/{namespace}/{name}/xet-read-token/{revision}/{path...}": .opens(.contentRead, foreign: 200),
        "GET /api/*/{namespace}/{name}/xet-write-token/{revision}/{path...}": .opens(.contentWrite, foreign: 200),
    ]
}
