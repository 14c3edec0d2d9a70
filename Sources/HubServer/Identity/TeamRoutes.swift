import HTTPTypes
import HubCore

/// `/api/gateway/v1/organizations/{organization}/teams`: some members under one name, to give rights to together.
struct TeamRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/organizations/{organization}/teams"
        let errors = context.errors
        return [
            Route(.get, base, .authenticated, errors: errors, handler: list),
            Route(.post, base, .authenticated, errors: errors, handler: create),
            Route(.delete, base + "/{team}", .authenticated, errors: errors, handler: remove),
            Route(.get, base + "/{team}/members", .authenticated, errors: errors, handler: members),
            Route(.put, base + "/{team}/members/{user}", .authenticated, errors: errors, handler: add),
            Route(.delete, base + "/{team}/members/{user}", .authenticated, errors: errors, handler: takeOut),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let teams = try await context.store.teams.list(of: try await context.organisation(request, .discover))
        return .json { json in
            json.object { json in
                json.array("teams") { json in
                    for team in teams { Self.write(team, to: &json) }
                }
            }
        }
    }

    private struct Creation: Decodable {
        let name: String
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        let body = try await request.body.json(Creation.self, upTo: IdentityContext.bodyLimit)
        let team = try await context.store.teams.create(body.name, in: organisation)
        return .json(status: 201) { Self.write(team, to: &$0) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        try await context.store.teams.remove(request.parameter("team"), from: organisation)
        return .status(204)
    }

    private func members(_ request: HubRequest) async throws -> HubResponse {
        let users = try await context.store.teams.members(
            of: request.parameter("team"), in: try await context.organisation(request, .discover))
        return .json { json in
            json.object { json in
                json.array("members") { json in
                    for user in users {
                        json.object { $0.member("user", user.name) }
                    }
                }
            }
        }
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        try await context.store.teams.add(
            request.parameter("user"), to: request.parameter("team"), of: organisation)
        return .status(204)
    }

    private func takeOut(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        try await context.store.teams.remove(
            request.parameter("user"), from: request.parameter("team"), of: organisation)
        return .status(204)
    }

    private static func write(_ team: Team, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(team.id, radix: 16))
            json.member("name", team.name)
            json.member("createdAt", time: team.createdAt)
        }
    }
}
