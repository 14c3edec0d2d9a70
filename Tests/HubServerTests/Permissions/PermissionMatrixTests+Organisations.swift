import HubCore

extension PermissionMatrixTests {
    /// Our own routes for what an account and an organisation have. The stores decide who may do what with it; what
    /// belongs to another is not found.
    static let identities: [String: PermissionRow] = [
        // The password says who may.
        "POST /api/gateway/v1/sessions": .everyone,
        "GET /api/gateway/v1/sessions": .account,
        "DELETE /api/gateway/v1/sessions": .account,
        "GET /api/gateway/v1/sessions/current": .account,
        "DELETE /api/gateway/v1/sessions/current": .account,
        "DELETE /api/gateway/v1/sessions/{session}": .account,
        "PUT /api/gateway/v1/password": .account,
        "GET /api/gateway/v1/ssh-keys": .account,
        "POST /api/gateway/v1/ssh-keys": .account,
        "DELETE /api/gateway/v1/ssh-keys/{key}": .account,
        "GET /api/gateway/v1/memberships": .account,
        "DELETE /api/gateway/v1/memberships/{organization}": .account,
        "GET /api/gateway/v1/roles": .account,
        "GET /api/gateway/v1/jobs": .account,
        "GET /api/gateway/v1/jobs/{job}": .account,
        "GET /api/gateway/v1/jobs/{job}/files": .account,
        "GET /api/gateway/v1/events": .account,
        // The same for a name that nobody has.
        "GET /api/gateway/v1/quotas/{account}": .account(foreign: 403),
    ]

    static let organisations: [String: PermissionRow] = [
        "POST /api/gateway/v1/organizations/{organization}/transfer": .account,
        "GET /api/gateway/v1/organizations/{organization}/audit": .account,
        "GET /api/gateway/v1/organizations/{organization}/grants": .account,
        "POST /api/gateway/v1/organizations/{organization}/grants": .account,
        "DELETE /api/gateway/v1/organizations/{organization}/grants/{id}": .account,
        "GET /api/gateway/v1/organizations/{organization}/roles": .account,
        "POST /api/gateway/v1/organizations/{organization}/roles": .account,
        "PUT /api/gateway/v1/organizations/{organization}/roles/{role}": .account(
            valid: "{\"verbs\":[\"discover\"]}"),
        "DELETE /api/gateway/v1/organizations/{organization}/roles/{role}": .account,
        "GET /api/gateway/v1/organizations/{organization}/teams": .account,
        "POST /api/gateway/v1/organizations/{organization}/teams": .account,
        "DELETE /api/gateway/v1/organizations/{organization}/teams/{team}": .account,
        "GET /api/gateway/v1/organizations/{organization}/teams/{team}/members": .account,
        "PUT /api/gateway/v1/organizations/{organization}/teams/{team}/members/{user}": .account,
        "DELETE /api/gateway/v1/organizations/{organization}/teams/{team}/members/{user}": .account,
        "GET /api/gateway/v1/organizations/{organization}/robots": .account,
        "POST /api/gateway/v1/organizations/{organization}/robots": .account,
        "DELETE /api/gateway/v1/organizations/{organization}/robots/{robot}": .account,
        "GET /api/gateway/v1/organizations/{organization}/robots/{robot}/tokens": .account,
        "POST /api/gateway/v1/organizations/{organization}/robots/{robot}/tokens": .account(
            valid: "{\"name\":\"x\",\"scope\":\"read\"}"),
        "DELETE /api/gateway/v1/organizations/{organization}/robots/{robot}/tokens/{token}": .account,
    ]
}
