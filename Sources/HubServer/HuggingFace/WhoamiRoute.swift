import HTTPTypes
import HubCore

/// `GET /api/whoami-v2`: whose token this is, and what he is in which organisation.
struct WhoamiRoute: Sendable {
    let access: RepositoryAccess

    var routes: [Route] {
        [Route(.get, "/api/whoami-v2", .open, errors: access.errors, handler: answer)]
    }

    private func answer(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard let user = principal.user, let token = principal.token else {
            throw HubError(
                .authenticationRequired, "Invalid user token.", remedy: "Send an access token of this hub.")
        }
        let memberships = try await access.store.organisations.memberships(of: user, seenBy: principal)
        return HubResponse.json { json in
            json.object { json in
                json.member("type", "user")
                json.member("id", String(user.id, radix: 16))
                json.member("name", user.name)
                json.member("fullname", user.name)
                json.member("email", nil)
                json.member("emailVerified", false)
                json.member("canPay", false)
                json.member("isPro", false)
                json.member("periodEnd", nil)
                json.member("avatarUrl", "")
                json.array("orgs") { json in
                    for membership in memberships {
                        json.organisation(membership.organisation, role: membership.role)
                    }
                }
                json.object("auth") { json in
                    json.member("type", "access_token")
                    json.object("accessToken") { json in
                        json.member("displayName", token.name)
                        json.member("role", token.scope == .read ? "read" : "write")
                        json.member("createdAt", JSONDate.text(milliseconds: token.createdAt))
                    }
                }
            }
        }
    }
}
