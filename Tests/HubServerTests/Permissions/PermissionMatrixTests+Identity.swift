import HubCore

extension PermissionMatrixTests {
    static let identity: [String: PermissionRow] = [
        "GET /api/*/{namespace}/{name}/user-access-request/pending": .opens(.gateApprove, ungated: 400),
        "GET /api/*/{namespace}/{name}/user-access-request/accepted": .opens(.gateApprove, ungated: 400),
        "GET /api/*/{namespace}/{name}/user-access-request/rejected": .opens(.gateApprove, ungated: 400),
        "POST /api/*/{namespace}/{name}/user-access-request/handle": .opens(.gateApprove),
        "POST /api/*/{namespace}/{name}/user-access-request/grant": .opens(.gateApprove),
        "POST /{namespace}/{name}/ask-access": .opens(.discuss),
        "POST /*/{namespace}/{name}/ask-access": .opens(.discuss),
        "GET /api/gateway/v1/grants/{kind}/{namespace}/{name}": .opens(.memberAdmin),
        "POST /api/gateway/v1/grants/{kind}/{namespace}/{name}": .opens(.memberAdmin),
        "DELETE /api/gateway/v1/grants/{kind}/{namespace}/{name}/{id}": .opens(
            .memberAdmin, passes: 404, says: "no such grant"),
        "GET /api/gateway/v1/audit/{kind}/{namespace}/{name}": .opens(.auditRead, denial: .readOnly),
        "PUT /api/gateway/v1/gates/{kind}/{namespace}/{name}": .opens(.settings),
        "GET /api/gateway/v1/deploy-keys/{kind}/{namespace}/{name}": .opens(.memberAdmin),
        "POST /api/gateway/v1/deploy-keys/{kind}/{namespace}/{name}": .opens(.memberAdmin),
        "DELETE /api/gateway/v1/deploy-keys/{kind}/{namespace}/{name}/{id}": .opens(
            .memberAdmin, passes: 404, says: "no such deploy key"),
        "GET /api/gateway/v1/protected-branches/{kind}/{namespace}/{name}": .opens(.settings),
        "PUT /api/gateway/v1/protected-branches/{kind}/{namespace}/{name}": .opens(.settings),
    ]
}
