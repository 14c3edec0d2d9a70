extension PermissionMatrixTests {
    static let community: [String: Denial] = [
        "GET /api/*/{namespace}/{name}/discussions": .refused,
        "GET /api/*/{namespace}/{name}/discussions/{num}": .refused,
        "POST /api/*/{namespace}/{name}/discussions": .readOnly,
        "POST /api/*/{namespace}/{name}/discussions/{num}/comment": .readOnly,
        "POST /api/*/{namespace}/{name}/discussions/{num}/comment/{comment}/edit": .readOnly,
        "POST /api/*/{namespace}/{name}/discussions/{num}/comment/{comment}/hide": .readOnly,
        "POST /api/*/{namespace}/{name}/discussions/{num}/title": .readOnly,
        "POST /api/*/{namespace}/{name}/discussions/{num}/status": .readOnly,
        "POST /api/*/{namespace}/{name}/discussions/{num}/merge": .readOnly,
        "POST /api/*/{namespace}/{name}/like": .readOnly,
        "DELETE /api/*/{namespace}/{name}/like": .readOnly,
        "GET /api/*/{namespace}/{name}/likers": .refused,
    ]
}
