import HTTPTypes
import HubCore

/// `/api/gateway/v1/sessions`: signing in by password and out again, for the website.
struct SessionRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/sessions"
        let errors = context.errors
        return [
            Route(.post, base, .open, errors: errors, handler: begin),
            Route(.get, base, .authenticated, errors: errors, handler: list),
            Route(.delete, base, .authenticated, errors: errors, handler: endAll),
            Route(.get, base + "/current", .authenticated, errors: errors, handler: current),
            Route(.delete, base + "/current", .authenticated, errors: errors, handler: end),
            Route(.delete, base + "/{session}", .authenticated, errors: errors, handler: endOne),
        ]
    }

    private struct Beginning: Decodable {
        let user: String
        let password: String
    }

    private func begin(_ request: HubRequest) async throws -> HubResponse {
        // Nobody is to be signed in by another site's page, as somebody else.
        try SameOrigin.refuseOthers(request)
        let body = try await request.body.json(Beginning.self, upTo: IdentityContext.bodyLimit)
        let (user, secret, session) = try await context.signIn.begin(
            body.user, Secret(body.password), from: Self.origin(of: request))
        return HubResponse.json(status: 201) { json in
            json.object { json in
                json.member("user", user.name)
                json.member("isAdministrator", user.isAdministrator)
                Self.write(session, to: &json)
            }
        }.with("Set-Cookie", SessionCookie.set(secret, for: request)).with("Cache-Control", "no-store")
    }

    private func current(_ request: HubRequest) async throws -> HubResponse {
        let (user, session) = try await caller(request)
        return HubResponse.json { json in
            json.object { json in
                json.member("user", user.name)
                json.member("isAdministrator", user.isAdministrator)
                Self.write(session, to: &json)
            }
        }.with("Cache-Control", "no-store")
    }

    private func end(_ request: HubRequest) async throws -> HubResponse {
        let (user, session) = try await caller(request)
        try await context.identities.sessions.end(session.id, of: user, by: request.principal())
        return HubResponse.status(204).with("Set-Cookie", SessionCookie.clear(for: request))
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let sessions = try await context.identities.sessions.list(of: try principal.wholePerson())
        return .json { json in
            json.object { json in
                json.array("sessions") { json in
                    for session in sessions {
                        json.object { json in
                            Self.write(session, to: &json)
                            json.member("isCurrent", session.id == principal.session)
                        }
                    }
                }
            }
        }
    }

    private func endAll(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await context.identities.sessions.endAll(of: try principal.wholePerson(), by: principal)
        return HubResponse.status(204).with("Set-Cookie", SessionCookie.clear(for: request))
    }

    private func endOne(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await context.identities.sessions.end(
            IdentityContext.id(request, "session"), of: try principal.wholePerson(), by: principal)
        return .status(204)
    }

    private func caller(_ request: HubRequest) async throws -> (User, Session) {
        let principal = try await request.principal()
        let user = try principal.person()
        let sessions = try await context.identities.sessions.list(of: user)
        guard let session = sessions.first(where: { $0.id == principal.session }) else {
            throw HubError(.notFound, "The request came by a token, not in a session.")
        }
        return (user, session)
    }

    /// From where a request to sign in comes.
    static func origin(of request: HubRequest) -> SignIn.Origin {
        SignIn.Origin(
            address: request.remoteAddress, client: request.headers[.userAgent], session: SessionCookie.read(request))
    }

    private static func write(_ session: Session, to json: inout JSONWriter) {
        json.member("id", String(session.id, radix: 16))
        json.member("createdAt", time: session.createdAt)
        json.member("lastSeenAt", time: session.lastSeenAt)
        json.member("expiresAt", time: session.expiresAt)
        json.member("address", session.address)
        json.member("client", session.client)
    }
}
