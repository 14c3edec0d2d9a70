import HTTPTypes
import HubCore

/// `/api/gateway/v1/grants/{kind}/{namespace}/{name}`: rights on one repository apart from memberships, given by whoever
/// may say who is what there.
struct GrantRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let path = IdentitySurface.base + "/grants/{kind}/{namespace}/{name}"
        let errors = context.errors
        return [
            Route(.get, path, .repository(.memberAdmin), errors: errors, handler: list),
            Route(.post, path, .repository(.memberAdmin), errors: errors, handler: add),
            Route(.delete, path + "/{id}", .repository(.memberAdmin), errors: errors, handler: remove),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .memberAdmin)
        let grants = try await context.store.grants.list(at: .repository(repository.key))
        return .json { json in
            json.object { json in
                json.array("grants") { json in
                    for grant in grants { Self.write(grant, to: &json) }
                }
            }
        }
    }

    private struct Addition: Decodable {
        /// `everyone`, `authenticated`, or nothing when a user or an organisation is named.
        let subject: String?
        let user: String?
        let organization: String?
        /// The role in the organisation from which members are meant; all of them by default.
        let from: String?
        let role: String
        let effect: String?
        let expiresInSeconds: Int64?
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .memberAdmin)
        let body = try await request.body.json(Addition.self, upTo: IdentityContext.bodyLimit)
        guard let effect = AccessGrant.Effect(rawValue: body.effect ?? "allow") else {
            throw HubError(.badRequest, "The effect is neither allow nor deny.")
        }
        let grant = try await context.store.grants.add(
            try await subject(of: body, for: repository.principal), .repository(repository.key),
            role: try Self.role(body.role), effect: effect,
            expiresAt: try context.expiry(inSeconds: body.expiresInSeconds), by: repository.principal)
        return .json(status: 201) { Self.write(grant, to: &$0) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .memberAdmin)
        guard let id = Int64(try request.parameter("id"), radix: 16) else {
            throw HubError(.notFound, "There is no such grant here.")
        }
        try await context.store.grants.remove(id, at: .repository(repository.key), by: repository.principal)
        return .status(204)
    }

    private func subject(of body: Addition, for principal: Principal) async throws -> AccessGrant.Subject {
        switch (body.subject, body.user, body.organization) {
        case ("everyone", nil, nil): return .everyone
        case ("authenticated", nil, nil): return .authenticated
        case (nil, let user?, nil): return .user(try await context.user(named: user).id)
        case (nil, nil, let name?):
            let organisation = try await context.authorizer.openOrganisation(principal, .discover, name)
            return .members(organisation: organisation.id, from: try Self.role(body.from ?? Role.reader.name))
        default:
            throw HubError(
                .badRequest, "Name one of user, organization, and the subject everyone or authenticated.")
        }
    }

    private static func role(_ name: String) throws -> Role {
        guard let role = Role(name: name) else {
            throw HubError(
                .badRequest, "'\(name)' is no role.",
                remedy: "Use one of \(Role.allCases.map(\.name).joined(separator: ", ")).")
        }
        return role
    }

    private static func write(_ grant: AccessGrant, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(grant.id, radix: 16))
            switch grant.subject {
            case .everyone: json.member("subject", "everyone")
            case .authenticated: json.member("subject", "authenticated")
            case .user(let id): json.member("userId", String(id, radix: 16))
            case .members(let organisation, let role):
                json.member("organizationId", String(organisation, radix: 16))
                json.member("from", role.name)
            }
            json.member("role", grant.role.name)
            json.member("effect", grant.effect.rawValue)
            json.member("expiresAt", time: grant.expiresAt)
        }
    }
}
