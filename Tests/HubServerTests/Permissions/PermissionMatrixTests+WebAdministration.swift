import HubCore

extension PermissionMatrixTests {
    /// Pages: users, organisations and quotas. What an organisation's pages let whom do, its stores decide, as for the
    /// REST routes beside which they stand.
    static let webAdministration: [String: PermissionRow] = [
        "GET /{organization}/-/members": .account,
        "POST /{organization}/-/members": .account,
        "GET /{organization}/-/teams": .account,
        "POST /{organization}/-/teams": .account,
        "GET /{organization}/-/robots": .account,
        "POST /{organization}/-/robots": .account,
        "GET /{organization}/-/tokens": .account,
        "POST /{organization}/-/tokens": .account,
        "GET /{organization}/-/grants": .account,
        "POST /{organization}/-/grants": .account,
        "GET /{organization}/-/quota": .account,
        "GET /{organization}/-/settings": .account,
        "POST /{organization}/-/settings": .account,
        "GET /console/organisations": .account,
        "POST /console/organisations": .administrator,
        "GET /console/users": .administrator,
        "POST /console/users": .administrator,
        "GET /console/users/{user}": .administrator,
        "POST /console/users/{user}": .administrator,
        "GET /console/quotas": .hub(.quotaSet),
        "POST /console/quotas": .hub(.quotaSet),
        "GET /console/system": .administrator,
    ]
}
