extension PermissionMatrixTests {
    static let csghubWrites: [String: Denial] = [
        "PUT /api/v1/*/{namespace}/{name}": .readOnly,
        "DELETE /api/v1/*/{namespace}/{name}": .readOnly,
        "POST /api/v1/*/{namespace}/{name}/transfer": .readOnly,
        "POST /api/v1/*/{namespace}/{name}/raw/{path...}": .readOnly,
        "PUT /api/v1/*/{namespace}/{name}/raw/{path...}": .readOnly,
        "DELETE /api/v1/*/{namespace}/{name}/raw/{path...}": .readOnly,
        "POST /api/v1/*/{namespace}/{name}/upload_file": .readOnly,
        "POST /api/v1/*/{namespace}/{name}/preupload/{revision}": .readOnly,
        "POST /api/v1/*/{namespace}/{name}/commit/{revision}": .readOnly,
        "GET /api/v1/*/{namespace}/{name}/discussions": .refused,
        "POST /api/v1/*/{namespace}/{name}/discussions": .readOnly,
        "POST /api/v1/*/{namespace}/{name}/tags/{category}": .readOnly,
    ]
}
