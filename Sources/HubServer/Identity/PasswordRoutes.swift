import HTTPTypes
import HubCore

/// `PUT /api/gateway/v1/password`: somebody's own password. Every session and token made before ends.
struct PasswordRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        [Route(.put, IdentitySurface.base + "/password", .authenticated, errors: context.errors, handler: change)]
    }

    private struct Change: Decodable {
        let current: String
        let new: String
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        _ = try principal.wholePerson()
        let body = try await request.body.json(Change.self, upTo: IdentityContext.bodyLimit)
        let (secret, _) = try await context.signIn.change(
            Secret(body.current), to: Secret(body.new), by: principal, from: SessionRoutes.origin(of: request))
        let answer = HubResponse.status(204).with("Cache-Control", "no-store")
        // Who came by a token goes on with a new one, which he makes himself.
        return principal.session == nil ? answer : answer.with("Set-Cookie", SessionCookie.set(secret, for: request))
    }
}
