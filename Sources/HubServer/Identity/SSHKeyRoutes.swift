import HTTPTypes
import HubCore

/// `/api/gateway/v1/ssh-keys`: the keys by which the caller comes in over SSH. A key does what its owner may do, for as
/// long as he leaves it there, so that a narrow or passing token adds none.
struct SSHKeyRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/ssh-keys"
        return [
            Route(.get, base, .authenticated, errors: context.errors, handler: list),
            Route(.post, base, .authenticated, errors: context.errors, handler: add),
            Route(.delete, base + "/{key}", .authenticated, errors: context.errors, handler: remove),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let keys = try await context.sshKeys.list(of: request.principal().person())
        return .json { json in
            json.object { json in
                json.array("keys") { json in
                    for key in keys { Self.write(key, to: &json) }
                }
            }
        }
    }

    private struct Addition: Decodable {
        let key: String
        let name: String?
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let user = try principal.wholePerson()
        let body = try await request.body.json(Addition.self, upTo: IdentityContext.bodyLimit)
        let key = try SSHPublicKey(parsing: body.key)
        let added = try await context.sshKeys.add(key, to: user, name: body.name ?? key.comment, by: principal)
        return .json(status: 201) { Self.write(added, to: &$0) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        try await context.sshKeys.remove(
            IdentityContext.id(request, "key"), of: try principal.wholePerson(), by: principal)
        return .status(204)
    }

    private static func write(_ key: UserSSHKey, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(key.id, radix: 16))
            json.member("name", key.name)
            json.member("fingerprint", "SHA256:\(key.fingerprint)")
            json.member("createdAt", time: key.createdAt)
        }
    }
}
