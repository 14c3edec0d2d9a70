import HTTPTypes
import HubCore

/// `/api/gateway/v1/tokens`: the caller's own access tokens.
struct TokenRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/tokens"
        return [
            Route(.get, base, .authenticated, errors: context.errors, handler: list),
            Route(.post, base, .authenticated, errors: context.errors, handler: create),
            Route(.delete, base + "/{token}", .authenticated, errors: context.errors, handler: revoke),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let (user, token) = try await caller(request)
        var records = try await context.identities.tokens(of: user)
        // A narrow token tells nothing of the others.
        if token.resources != nil { records.removeAll { $0.grant.id != token.id } }
        return .json { json in
            json.object { json in
                json.array("tokens") { json in
                    for record in records { json.object { Self.write(record, to: &$0) } }
                }
            }
        }
    }

    private struct Creation: Decodable {
        let name: String
        let scope: String
        let expiresInSeconds: Int64?
        let resources: [String]?
    }

    /// What somebody asks a new token to be.
    struct Wish {
        let name: String
        let scope: TokenGrant.Scope
        let expiresAt: Int64?
        let resources: [TokenResource]?
    }

    /// Reads a wish for a token from a request's body.
    static func wish(_ request: HubRequest, _ context: IdentityContext) async throws -> Wish {
        let body = try await request.body.json(Creation.self, upTo: IdentityContext.bodyLimit)
        guard let scope = TokenGrant.Scope(rawValue: body.scope) else {
            throw HubError(.badRequest, "'\(body.scope)' is none of read, upload, write, admin.")
        }
        let resources = try body.resources?.map { text in
            guard let resource = TokenResource(parsing: text) else {
                throw HubError(
                    .badRequest, "'\(text)' names no namespace or repository.",
                    remedy: "Write it as acme or model:acme/demo.")
            }
            return resource
        }
        return Wish(
            name: body.name, scope: scope, expiresAt: try context.expiry(inSeconds: body.expiresInSeconds),
            resources: resources)
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let wish = try await Self.wish(request, context)
        let (token, record) = try await context.identities.mintToken(
            by: principal, name: wish.name, scope: wish.scope, expiresAt: wish.expiresAt, resources: wish.resources)
        return Self.answer(token, record)
    }

    /// The one time a token is shown.
    static func answer(_ token: Secret, _ record: TokenRecord) -> HubResponse {
        HubResponse.json(status: 201) { json in
            json.object { json in
                json.member("token", token.reveal())
                Self.write(record, to: &json)
            }
        }.with("Cache-Control", "no-store")
    }

    private func revoke(_ request: HubRequest) async throws -> HubResponse {
        let (user, token) = try await caller(request)
        let text = try request.parameter("token")
        guard let id = Int64(text, radix: 16) else {
            throw HubError(.notFound, "'\(user.name)' has no such token.")
        }
        // Giving itself up is no change that a narrow token could misuse.
        guard id == token.id || (token.scope >= .write && token.resources == nil) else {
            throw HubError(
                .forbidden, "This token may revoke only itself.", remedy: "Use one of scope write that is not narrowed."
            )
        }
        try await context.identities.revokeToken(id, of: user, by: request.principal())
        return .status(204)
    }

    private func caller(_ request: HubRequest) async throws -> (User, TokenGrant) {
        let principal = try await request.principal()
        guard let user = principal.user, let token = principal.token else {
            throw HubError(.authenticationRequired, "This needs an account.", remedy: "Send an access token.")
        }
        return (user, token)
    }

    static func write(_ record: TokenRecord, to json: inout JSONWriter) {
        json.member("id", String(record.grant.id, radix: 16))
        json.member("name", record.grant.name)
        json.member("scope", record.grant.scope.rawValue)
        json.member("lastFour", record.lastFour)
        json.member("createdAt", time: record.grant.createdAt)
        json.member("expiresAt", time: record.grant.expiresAt)
        json.member("lastUsedAt", time: record.lastUsedAt)
        if let resources = record.grant.resources {
            json.member("resources", resources.map(\.description))
        }
    }
}
