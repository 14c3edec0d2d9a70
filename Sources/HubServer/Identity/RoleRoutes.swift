import HTTPTypes
import HubCore

/// `/api/gateway/v1/organizations/{organization}/roles`, and `/api/gateway/v1/roles` for the whole hub: named lists of
/// verbs to give in grants.
struct RoleRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let errors = context.errors
        let inner = IdentitySurface.base + "/organizations/{organization}/roles"
        let outer = IdentitySurface.base + "/roles"
        return [
            Route(.get, inner, .authenticated, errors: errors, handler: list),
            Route(.post, inner, .authenticated, errors: errors, handler: create),
            Route(.put, inner + "/{role}", .authenticated, errors: errors, handler: change),
            Route(.delete, inner + "/{role}", .authenticated, errors: errors, handler: remove),
            Route(.get, outer, .authenticated, errors: errors, handler: list),
            Route(.post, outer, .admin, errors: errors, handler: create),
            Route(.put, outer + "/{role}", .admin, errors: errors, handler: change),
            Route(.delete, outer + "/{role}", .admin, errors: errors, handler: remove),
        ]
    }

    /// Where the path says the role is at home.
    private func place(_ request: HubRequest) async throws -> GrantPlace {
        let principal = try await request.principal()
        guard let name = request.parameters["organization"] else {
            return try context.authorizer.openGrantsOfHub(principal)
        }
        return try await context.authorizer.openGrants(principal, inOrganisation: name)
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        var organisation: Int64?
        if request.parameters["organization"] != nil {
            organisation = try await context.organisation(request, .discover).id
        }
        let roles = try await context.store.roles.list(of: organisation)
        return .json { json in
            json.object { json in
                json.array("roles") { json in
                    for role in roles { Self.write(role, to: &json) }
                }
            }
        }
    }

    private struct Creation: Decodable {
        let name: String
        let verbs: [String]
    }

    private struct Change: Decodable {
        let verbs: [String]
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let place = try await place(request)
        let body = try await request.body.json(Creation.self, upTo: IdentityContext.bodyLimit)
        let role = try await context.store.roles.create(body.name, verbs: try Self.verbs(body.verbs), at: place)
        return .json(status: 201) { Self.write(role, to: &$0) }
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let place = try await place(request)
        let body = try await request.body.json(Change.self, upTo: IdentityContext.bodyLimit)
        let role = try await context.store.roles.change(
            request.parameter("role"), to: try Self.verbs(body.verbs), at: place)
        return .json { Self.write(role, to: &$0) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        try await context.store.roles.remove(request.parameter("role"), at: try await place(request))
        return .status(204)
    }

    private static func verbs(_ words: [String]) throws -> Set<Verb> {
        Set(
            try words.map { word in
                guard let verb = Verb(rawValue: word) else {
                    throw HubError(
                        .badRequest, "'\(word)' is no verb.",
                        remedy: "Use some of \(Verb.allCases.map(\.rawValue).joined(separator: ", ")).")
                }
                return verb
            })
    }

    private static func write(_ role: CustomRole, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(role.id, radix: 16))
            json.member("name", role.name)
            json.member("verbs", role.verbs.map(\.rawValue).sorted())
        }
    }
}
