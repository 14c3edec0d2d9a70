import HTTPTypes
import HubCore

/// `/api/gateway/v1/memberships`: what the caller is where, leaving an organisation, and handing it over.
struct MembershipRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/memberships"
        let errors = context.errors
        return [
            Route(.get, base, .authenticated, errors: errors, handler: list),
            Route(.delete, base + "/{organization}", .authenticated, errors: errors, handler: leave),
            Route(
                .post, IdentitySurface.base + "/organizations/{organization}/transfer", .authenticated, errors: errors,
                handler: transfer),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let found = try await context.store.organisations.memberships(
            of: try principal.person(), seenBy: principal)
        return .json { json in
            json.object { json in
                json.array("memberships") { json in
                    for (organisation, role) in found {
                        json.object { json in
                            json.member("organization", organisation.name)
                            json.member("role", role.name)
                        }
                    }
                }
            }
        }
    }

    private func leave(_ request: HubRequest) async throws -> HubResponse {
        _ = try await request.principal().wholePerson()
        try await context.store.organisations.leave(try await context.organisation(request, .discover))
        return .status(204)
    }

    private struct Transfer: Decodable {
        let user: String
        /// What the caller is afterwards; nothing for no member.
        let role: String?
    }

    private func transfer(_ request: HubRequest) async throws -> HubResponse {
        _ = try await request.principal().wholePerson()
        let organisation = try await context.organisation(request, .memberAdmin)
        let body = try await request.body.json(Transfer.self, upTo: IdentityContext.bodyLimit)
        try await context.store.organisations.transfer(
            organisation, to: body.user, becoming: try body.role.map(IdentityContext.role))
        return .status(204)
    }
}
