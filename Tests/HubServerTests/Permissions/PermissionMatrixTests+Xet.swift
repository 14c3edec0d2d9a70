extension PermissionMatrixTests {
    static let xet: [String: Denial] = [
        "GET /api/*/{namespace}/{name}/xet-read-token/{revision}/{path...}": .refused,
        "GET /api/*/{namespace}/{name}/xet-write-token/{revision}/{path...}": .readOnly,
    ]
}
