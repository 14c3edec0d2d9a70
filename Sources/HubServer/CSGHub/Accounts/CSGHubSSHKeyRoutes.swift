import HTTPTypes
import HubCore

/// `GET|POST /user/{username}/ssh_keys`, `DELETE /user/{username}/ssh_key/{name}`: a user's own keys.
struct CSGHubSSHKeyRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10
    private static let maximumName = 96

    let context: CSGHubContext

    var routes: [Route] {
        [
            context.route(.get, "/user/{username}/ssh_keys", .authenticated, handler: list),
            context.route(.post, "/user/{username}/ssh_keys", .authenticated, handler: add),
            context.route(.delete, "/user/{username}/ssh_key/{name}", .authenticated, handler: remove),
        ]
    }

    private var keys: SSHKeyStore { context.access.store.sshKeys }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let principal = try await request.principal()
        try CSGHubRefusal.requireSelf(principal, try request.parameter("username"))
        let user = try await context.user(named: try request.parameter("username"))
        let found = try await keys.keys(of: user, offset: page.offset, limit: page.per)
        return .enveloped { json in
            json.array { json in for key in found { json.object { $0.csghubMembers(of: key, user) } } }
        }
    }

    private struct Body: Decodable {
        let name: String
        let content: String
    }

    /// A key lets in to all that its user may do, so a token that may do less adds none.
    private func add(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let username = try request.parameter("username")
        try CSGHubRefusal.requireWholeAccount(principal, username)
        let user = try await context.user(named: username)
        let body = try await request.body.json(Body.self, upTo: Self.maximumBody)
        guard (1...Self.maximumName).contains(body.name.utf8.count),
            body.name.unicodeScalars.allSatisfy({ $0.value >= 0x20 })
        else { throw HubError(.badRequest, "A key's name has 1 to \(Self.maximumName) bytes.") }
        let key = try SSHPublicKey(parsing: body.content)
        try await keys.add(key, to: user, name: body.name, by: principal)
        guard let added = try await keys.keys(of: user).first(where: { $0.fingerprint == key.fingerprint }) else {
            throw HubError(.conflict, "The key was removed in the meantime.")
        }
        return .enveloped { json in json.object { $0.csghubMembers(of: added, user) } }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let username = try request.parameter("username")
        try CSGHubRefusal.requireWholeAccount(principal, username)
        let user = try await context.user(named: username)
        try await keys.remove(named: try request.parameter("name"), of: user, by: principal)
        return .csghubDone
    }
}

extension CSGHubRefusal {
    /// A user changes his account with a token that writes to all of it.
    static func requireWholeAccount(_ principal: Principal, _ name: String) throws {
        try requireSelf(principal, name)
        guard let token = principal.token, token.scope >= .write, token.resources == nil else {
            throw HubError(
                .forbidden, "This token may not change the account.",
                remedy: "Use one of scope write that is not narrowed.")
        }
    }
}

extension JSONWriter {
    fileprivate mutating func csghubMembers(of key: SSHKeyRecord, _ user: User) {
        let made = JSONDate.text(milliseconds: key.createdAt)
        member("id", key.id)
        member("git_id", 0)
        member("name", key.name)
        member("content", key.line)
        member("user_id", user.id)
        member("fingerprint_sha256", key.fingerprint)
        member("created_at", made)
        member("updated_at", made)
    }
}
