extension PermissionMatrixTests {
    static let identity: [String: Denial] = [
        "GET /api/*/{namespace}/{name}/user-access-request/pending": .readOnly,
        "GET /api/*/{namespace}/{name}/user-access-request/accepted": .readOnly,
        "GET /api/*/{namespace}/{name}/user-access-request/rejected": .readOnly,
        "POST /api/*/{namespace}/{name}/user-access-request/handle": .readOnly,
        "POST /api/*/{namespace}/{name}/user-access-request/grant": .readOnly,
        "POST /{namespace}/{name}/ask-access": .readOnly,
        "POST /*/{namespace}/{name}/ask-access": .readOnly,
        "GET /api/gateway/v1/grants/{kind}/{namespace}/{name}": .readOnly,
        "POST /api/gateway/v1/grants/{kind}/{namespace}/{name}": .readOnly,
        "DELETE /api/gateway/v1/grants/{kind}/{namespace}/{name}/{id}": .readOnly,
        "GET /api/gateway/v1/deploy-keys/{kind}/{namespace}/{name}": .readOnly,
        "POST /api/gateway/v1/deploy-keys/{kind}/{namespace}/{name}": .readOnly,
        "DELETE /api/gateway/v1/deploy-keys/{kind}/{namespace}/{name}/{id}": .readOnly,
        "GET /api/gateway/v1/protected-branches/{kind}/{namespace}/{name}": .readOnly,
        "PUT /api/gateway/v1/protected-branches/{kind}/{namespace}/{name}": .readOnly,
        "PUT /api/gateway/v1/gates/{kind}/{namespace}/{name}": .readOnly,
    ]
}
