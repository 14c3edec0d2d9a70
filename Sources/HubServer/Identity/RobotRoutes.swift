import HTTPTypes
import HubCore

/// `/api/gateway/v1/organizations/{organization}/robots`: accounts for programs, and their tokens.
struct RobotRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/organizations/{organization}/robots"
        let errors = context.errors
        return [
            Route(.get, base, .authenticated, errors: errors, handler: list),
            Route(.post, base, .authenticated, errors: errors, handler: create),
            Route(.delete, base + "/{robot}", .authenticated, errors: errors, handler: remove),
            Route(.get, base + "/{robot}/tokens", .authenticated, errors: errors, handler: tokens),
            Route(.post, base + "/{robot}/tokens", .authenticated, errors: errors, handler: createToken),
            Route(.delete, base + "/{robot}/tokens/{token}", .authenticated, errors: errors, handler: revoke),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let robots = try await context.store.robots.list(of: try await context.organisation(request, .memberAdmin))
        return .json { json in
            json.object { json in
                json.array("robots") { json in
                    for robot in robots { Self.write(robot, to: &json) }
                }
            }
        }
    }

    private struct Creation: Decodable {
        let name: String
        let role: String
        let expiresInSeconds: Int64?
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        let body = try await request.body.json(Creation.self, upTo: IdentityContext.bodyLimit)
        let robot = try await context.store.robots.create(
            body.name, role: try IdentityContext.role(body.role),
            expiresAt: try context.expiry(inSeconds: body.expiresInSeconds), in: organisation)
        return .json(status: 201) { Self.write(robot, to: &$0) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        try await context.store.robots.remove(request.parameter("robot"), from: organisation)
        return .status(204)
    }

    private func robot(_ request: HubRequest) async throws -> Robot {
        let organisation = try await context.organisation(request, .memberAdmin)
        return try await context.store.robots.robot(named: request.parameter("robot"), of: organisation)
    }

    private func tokens(_ request: HubRequest) async throws -> HubResponse {
        let records = try await context.identities.tokens(of: try await robot(request).account)
        return .json { json in
            json.object { json in
                json.array("tokens") { json in
                    for record in records { json.object { TokenRoutes.write(record, to: &$0) } }
                }
            }
        }
    }

    private func createToken(_ request: HubRequest) async throws -> HubResponse {
        let robot = try await robot(request)
        let wish = try await TokenRoutes.wish(request, context)
        let (token, record) = try await context.store.robots.createToken(
            for: robot, name: wish.name, scope: wish.scope, expiresAt: wish.expiresAt, resources: wish.resources,
            by: request.principal())
        return TokenRoutes.answer(token, record)
    }

    private func revoke(_ request: HubRequest) async throws -> HubResponse {
        let robot = try await robot(request)
        try await context.identities.revokeToken(
            IdentityContext.id(request, "token"), of: robot.account, by: request.principal())
        return .status(204)
    }

    private static func write(_ robot: Robot, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", robot.name)
            json.member("account", robot.account.name)
            json.member("role", robot.role.name)
            json.member("createdAt", time: robot.account.createdAt)
            json.member("expiresAt", time: robot.expiresAt)
        }
    }
}
