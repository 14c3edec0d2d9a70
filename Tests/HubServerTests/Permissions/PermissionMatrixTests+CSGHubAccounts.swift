import HubCore

extension PermissionMatrixTests {
    /// CSGHub's routes for accounts and what they have.
    static let csghubAccounts: [String: PermissionRow] = [
        "GET /api/v1/users": .account,
        "PUT /api/v1/user/{username}": .account,
        "GET /api/v1/user/{username}/organizations": .account,
        "GET /api/v1/user/{username}/ssh_keys": .account,
        "POST /api/v1/user/{username}/ssh_keys": .account,
        "DELETE /api/v1/user/{username}/ssh_key/{name}": .account,
        "GET /api/v1/user/{username}/tokens": .account,
        // Makes one of the caller's own, whoever has another by that name.
        "POST /api/v1/token/{app}/{token_name}": .account(foreign: 400),
        "PUT /api/v1/token/{app}/{token_name}": .account,
        "DELETE /api/v1/token/{app}/{token_name}": .account,
        // Whoever has the text of a token may ask whose it is.
        "GET /api/v1/token/{token_value}": .everyone,
    ]

    static let csghubOrganisations: [String: PermissionRow] = [
        "GET /api/v1/organizations": .account,
        "POST /api/v1/organizations": .account,
        "GET /api/v1/organization/{namespace}": .account,
        "PUT /api/v1/organization/{namespace}": .account,
        "DELETE /api/v1/organization/{namespace}": .account,
        "GET /api/v1/organization/{namespace}/*": .everyone,
        "GET /api/v1/organization/{namespace}/members": .account,
        "POST /api/v1/organization/{namespace}/members": .account,
        "GET /api/v1/organization/{namespace}/members/{username}": .account,
        "PUT /api/v1/organization/{namespace}/members/{username}": .account,
        "DELETE /api/v1/organization/{namespace}/members/{username}": .account,
    ]

    static let csghubCollections: [String: PermissionRow] = [
        "GET /api/v1/collections": .everyone,
        "GET /api/v1/user/{username}/collections": .everyone,
        "GET /api/v1/organization/{namespace}/collections": .everyone,
        "GET /api/v1/collections/{id}": .owned,
        "POST /api/v1/collections": .account,
        "PUT /api/v1/collections/{id}": .account(valid: "{\"nickname\":\"Another\"}"),
        "DELETE /api/v1/collections/{id}": .account,
        "POST /api/v1/collections/{id}/repos": .account(valid: "{\"repo_ids\":[1]}"),
        "DELETE /api/v1/collections/{id}/repos": .account(valid: "{\"repo_ids\":[1]}"),
        "PUT /api/v1/collections/{id}/repos/{repository}": .account(valid: "{\"remark\":\"x\"}"),
    ]

    /// What is asked on the way, and answered with empty lists.
    static let csghubAbsent: [String: PermissionRow] = [
        "GET /api/v1/space_resources": .everyone,
        "GET /api/v1/space_resources/hardware_types": .everyone,
        "GET /api/v1/space_resources/scenarios": .everyone,
        "GET /api/v1/space_sdks": .everyone,
        "GET /api/v1/space_templates": .everyone,
        "GET /api/v1/broadcasts/active": .everyone,
        "GET /api/v1/runtime_framework": .account,
        "GET /api/v1/*/runtime_framework": .account,
        "GET /api/v1/cluster": .account,
        "GET /api/v1/user/{username}/run/{repo_type}": .account,
        "GET /api/v1/user/{username}/finetune/instances": .account,
        "GET /api/v1/user/{username}/finetune/jobs": .account,
        "GET /api/v1/user/{username}/evaluations": .account,
        "GET /api/v1/user/{username}/notebooks": .account,
        "GET /api/v1/user/{username}/likes/collections": .account,
        "POST /api/v1/events": .account,
    ]
}
