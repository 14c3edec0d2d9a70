import HubCore

extension PermissionMatrixTests {
    /// Routes that name no repository, or name it by something of its own.
    static let accounts: [String: PermissionRow] = [openRoutes, ownThings, administration].reduce(into: [:]) {
        $0.merge($1) { first, _ in first }
    }

    private static let openRoutes: [String: PermissionRow] = [
        "GET /livez": .everyone,
        "GET /readyz": .everyone,
        "GET /metrics": .everyone,
        "GET /api/gateway/v1/version": .everyone,
        "GET /api/v1/version": .everyone,
        "GET /api/whoami-v2": .everyone,
        "GET /api/agent-harnesses": .everyone,
        "POST /api/validate-yaml": .everyone,
        // Lists show each what he may discover.
        "GET /api/*": .everyone,
        "GET /api/*-tags-by-type": .everyone,
        "GET /api/v1/*": .everyone,
        "GET /api/v1/*/v2": .everyone,
        "GET /api/v1/user/{username}/*": .everyone,
        "GET /api/users/{user}/likes": .everyone,
        "GET /api/collections": .everyone,
        "GET /api/collections/{namespace}/{slug}": .everyone,
        "GET /api/v1/tags": .everyone,
        "GET /api/v1/tags/{id}": .everyone,
        "GET /api/v1/tags/categories": .everyone,
        // Names of one part: nobody has them.
        "GET /api/*/{rest...}": .everyone,
        "POST /api/*/{rest...}": .everyone,
        "PUT /api/*/{rest...}": .everyone,
        "DELETE /api/*/{rest...}": .everyone,
        "GET /{name}/raw/{revision}/{path...}": .everyone,
        "GET /*/{name}/raw/{revision}/{path...}": .everyone,
        "GET /{name}/resolve/{revision}/{path...}": .everyone,
        "GET /*/{name}/resolve/{revision}/{path...}": .everyone,
        // The storage takes grants of its own.
        "GET /_cas/{generation}/v1/reconstructions/{hash}": .everyone,
        "GET /_cas/{generation}/v1/xorbs/{prefix:default|default-merkledb}/{hash}": .everyone,
        "POST /_cas/{generation}/v1/xorbs/{prefix:default|default-merkledb}/{hash}": .everyone,
        "POST /_cas/{generation}/v1/shards": .everyone,
        "POST /_cas/{generation}/v2/shards": .everyone,
        "POST /_cas/{generation}/v1/telemetry": .everyone,
    ]

    private static let ownThings: [String: PermissionRow] = [
        "POST /api/repos/create": .account,
        "POST /api/v1/*": .account,
        "GET /api/authz/explain": .account,
        "GET /api/gateway/v1/policy/status": .account,
        "GET /api/gateway/v1/upstreams": .account,
        "GET /api/gateway/v1/tokens": .account,
        "POST /api/gateway/v1/tokens": .account,
        "DELETE /api/gateway/v1/tokens/{token}": .account,
        "GET /api/gateway/v1/organizations": .account,
        "GET /api/gateway/v1/organizations/{organization}": .account,
        "GET /api/gateway/v1/organizations/{organization}/members": .account,
        "PUT /api/gateway/v1/organizations/{organization}/members/{user}": .account,
        "DELETE /api/gateway/v1/organizations/{organization}/members/{user}": .account,
        "GET /api/organizations/{organisation}/overview": .account,
        "GET /api/organizations/{organisation}/members": .account,
        "GET /api/users/{user}/overview": .account,
        "GET /api/v1/user/{username}": .account,
        "GET /api/v1/user/{username}/likes/*": .account,
        "PUT /api/v1/user/{username}/likes/{repository}": .account,
        "DELETE /api/v1/user/{username}/likes/{repository}": .account,
        "GET /api/v1/sync/version/latest": .account,
        "POST /api/collections": .account,
        "PATCH /api/collections/{namespace}/{slug}": .account(valid: "{\"title\":\"Another\"}"),
        "DELETE /api/collections/{namespace}/{slug}": .account,
        "POST /api/collections/{namespace}/{slug}/items": .account(
            valid: "{\"item\":{\"id\":\"acme/general\",\"type\":\"model\"}}"),
        "PATCH /api/collections/{namespace}/{slug}/items/{item}": .account(valid: "{\"note\":\"x\"}"),
        "DELETE /api/collections/{namespace}/{slug}/items/{item}": .account,
        "GET /api/settings/webhooks": .account,
        "POST /api/settings/webhooks": .account,
        "GET /api/settings/webhooks/{webhook}": .account,
        "POST /api/settings/webhooks/{webhook}": .account(valid: "{\"url\":\"https://hooks.example.com/x\"}"),
        "DELETE /api/settings/webhooks/{webhook}": .account,
        "POST /api/settings/webhooks/{webhook}/disable": .account,
        "POST /api/settings/webhooks/{webhook}/enable": .account,
        "GET /api/v1/discussions/{id}": .account,
        "PUT /api/v1/discussions/{id}": .account(valid: "{\"title\":\"Another\"}"),
        "DELETE /api/v1/discussions/{id}": .account,
        "GET /api/v1/discussions/{id}/comments": .account,
        "POST /api/v1/discussions/{id}/comments": .account(valid: "{\"content\":\"x\"}"),
        "PUT /api/v1/discussions/{id}/comments/{comment}": .account(valid: "{\"content\":\"x\"}"),
        "DELETE /api/v1/discussions/{id}/comments/{comment}": .account,
    ]

    private static let administration: [String: PermissionRow] = [
        "POST /api/gateway/v1/policy:reload": .administrator,
        "POST /api/gateway/v1/organizations": .administrator,
        "GET /api/gateway/v1/users": .administrator,
        "POST /api/gateway/v1/users": .administrator,
        "PATCH /api/gateway/v1/users/{user}": .administrator,
        "POST /api/v1/tags": .administrator,
        "PUT /api/v1/tags/{id}": .administrator,
        "DELETE /api/v1/tags/{id}": .administrator,
        "POST /api/v1/tags/categories": .administrator,
        "PUT /api/v1/tags/categories/{id}": .administrator,
        "DELETE /api/v1/tags/categories/{id}": .administrator,
    ]
}
