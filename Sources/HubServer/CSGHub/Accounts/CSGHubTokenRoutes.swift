import Foundation
import HTTPTypes
import HubCore

/// Tokens by what they are for: `POST|PUT|DELETE /token/{app}/{token_name}`, `GET /token/{token_value}`,
/// `GET /user/{username}/tokens` (wire/csghub.md §2.5).
///
/// The text of a token is shown once, when it is made or renewed: lists show its last characters, since nothing else of
/// it is stored. Where CSGHub gives every token all its user's rights, one made here carries no more than the one it was
/// asked with (S4), and one for mirrors only reads.
struct CSGHubTokenRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10

    let context: CSGHubContext

    var routes: [Route] {
        let one = "/token/{app}/{token_name}"
        return [
            context.route(.post, one, .authenticated, handler: create),
            context.route(.put, one, .authenticated, handler: renew),
            context.route(.delete, one, .authenticated, handler: revoke),
            context.route(.get, "/token/{token_value}", .open, handler: check),
            context.route(.get, "/user/{username}/tokens", .authenticated, handler: list),
        ]
    }

    // MARK: Changing

    private struct Creation: Decodable {
        var permission: String?
        var expiresAt: String?

        enum CodingKeys: String, CodingKey {
            case permission
            case expiresAt = "expired_at"
        }
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let application = try Self.application(try request.parameter("app"))
        let body =
            request.body.isEmpty ? Creation() : try await request.body.json(Creation.self, upTo: Self.maximumBody)
        let principal = try await request.principal()
        let (user, parent) = try Self.account(principal)
        let scope = try body.permission.flatMap { $0.isEmpty ? nil : try Self.scope($0) }
        let (token, record) = try await context.identities.mintToken(
            by: principal, name: try request.parameter("token_name"),
            scope: scope ?? (application == .mirror ? .read : min(.write, parent.scope)),
            expiresAt: try expiry(body.expiresAt) ?? parent.expiresAt, resources: parent.resources,
            application: application)
        return Self.shown(record, application, of: user, text: token.reveal())
    }

    /// The same token with another text, and as long a life as is asked for; the old text ends.
    private func renew(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let (user, _) = try Self.account(principal)
        let (application, found) = try await named(request, of: user)
        guard let old = found.first?.record.grant else { throw Self.absent(request, of: user) }
        let (token, record) = try await context.identities.mintToken(
            by: principal, name: old.name, scope: old.scope,
            expiresAt: try expiry(request.query.first("expired_at")) ?? old.expiresAt, resources: old.resources,
            application: application, replacing: old.id)
        return Self.shown(record, application, of: user, text: token.reveal())
    }

    private func revoke(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let (user, token) = try Self.account(principal)
        let (_, found) = try await named(request, of: user)
        guard !found.isEmpty else { throw Self.absent(request, of: user) }
        for each in found {
            // Giving itself up is no change that a narrow token could misuse.
            guard each.record.grant.id == token.id || (token.scope >= .write && token.resources == nil) else {
                throw HubError(
                    .forbidden, "This token may revoke only itself.",
                    remedy: "Use one of scope write that is not narrowed.")
            }
            try await context.identities.revokeToken(each.record.grant.id, of: user, by: principal)
        }
        return .csghubDone
    }

    // MARK: Reading

    /// Whose a token is. Whoever knows its text could find out as well by using it.
    private func check(_ request: HubRequest) async throws -> HubResponse {
        let absent = HubError(.notFound, "This token does not count.")
        let text = try request.parameter("token_value")
        guard let principal = try await context.identities.principal(token: text), let user = principal.user,
            let id = principal.token?.id, let found = try await context.identities.applicationToken(id: id)
        else { throw absent }
        if let wanted = request.query.first("app"), !wanted.isEmpty, wanted != found.application.rawValue {
            throw absent
        }
        return Self.shown(found.record, found.application, of: user, text: text)
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try CSGHubRefusal.requireSelf(principal, try request.parameter("username"))
        let (user, token) = try Self.account(principal)
        let application = try request.query.first("app").flatMap { $0.isEmpty ? nil : try Self.application($0) }
        var found = try await context.identities.tokens(of: user, for: application)
        // A narrow token tells nothing of the others.
        if token.resources != nil { found.removeAll { $0.record.grant.id != token.id } }
        let shown = found
        return .enveloped { json in
            json.array { json in
                for each in shown {
                    json.object {
                        $0.csghubMembers(
                            of: each.record, each.application, of: user, text: "****\(each.record.lastFour)")
                    }
                }
            }
        }
    }

    private static func shown(_ record: TokenRecord, _ application: TokenApplication, of user: User, text: String)
        -> HubResponse
    {
        .enveloped { json in json.object { $0.csghubMembers(of: record, application, of: user, text: text) } }
    }

    // MARK: What a request means

    private func named(_ request: HubRequest, of user: User) async throws -> (TokenApplication, [ApplicationToken]) {
        let application = try Self.application(try request.parameter("app"))
        let name = try request.parameter("token_name")
        let found = try await context.identities.tokens(of: user, for: application)
        return (application, found.filter { $0.record.grant.name == name })
    }

    private static func absent(_ request: HubRequest, of user: User) -> HubError {
        HubError(.notFound, "'\(user.name)' has no token '\(request.parameters["token_name"] ?? "")' there.")
    }

    private static func account(_ principal: Principal) throws -> (User, TokenGrant) {
        guard let user = principal.user, let token = principal.token else {
            throw HubError(.authenticationRequired, "This needs an account.", remedy: "Send an access token.")
        }
        return (user, token)
    }

    private static func application(_ text: String) throws -> TokenApplication {
        guard let application = TokenApplication(rawValue: text) else {
            throw CSGHubParameterProblem(
                parameter: "app", provided: text, allowed: TokenApplication.allCases.map(\.rawValue))
        }
        return application
    }

    private static func scope(_ text: String) throws -> TokenGrant.Scope {
        guard let scope = TokenGrant.Scope(rawValue: text) else {
            throw CSGHubParameterProblem(
                parameter: "permission", provided: text, allowed: TokenGrant.Scope.allCases.map(\.rawValue))
        }
        return scope
    }

    /// Nil for no end: none given, or one that has passed, as Go's zero time has.
    private func expiry(_ text: String?) throws -> Int64? {
        guard let text, !text.isEmpty else { return nil }
        let plain = Date.ISO8601FormatStyle()
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? plain.parse(text)) ?? (try? fractional.parse(text)) else {
            throw CSGHubParameterProblem(
                parameter: "expired_at", provided: text, expected: "a time such as 2030-01-02T15:04:05Z")
        }
        let milliseconds = date.timeIntervalSince1970 * 1_000
        let now = context.access.clock.now()
        guard milliseconds > Double(now), milliseconds < 4e15 else { return nil }
        return Int64(milliseconds)
    }
}

extension JSONWriter {
    /// A token under the names that CSGHub gives its members when it is made and when it is listed.
    fileprivate mutating func csghubMembers(
        of record: TokenRecord, _ application: TokenApplication, of user: User, text: String
    ) {
        let grant = record.grant
        // Go's zero time: never.
        let end = grant.expiresAt.map { JSONDate.text(milliseconds: $0) } ?? "0001-01-01T00:00:00Z"
        let made = JSONDate.text(milliseconds: grant.createdAt)
        member("id", grant.id)
        member("token", text)
        member("name", grant.name)
        member("token_name", grant.name)
        member("application", application.rawValue)
        member("permission", grant.scope.rawValue)
        member("user_id", user.id)
        member("user_name", user.name)
        member("user_uuid", String(user.id, radix: 16))
        member("is_active", true)
        member("expired_at", end)
        member("expire_at", end)
        member("last_used_at", record.lastUsedAt.map { JSONDate.text(milliseconds: $0) })
        member("created_at", made)
        member("updated_at", made)
    }
}
