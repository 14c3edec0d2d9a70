import HTTPTypes
import HubCore

/// `/api/gateway/v1/deploy-keys/{kind}/{namespace}/{name}`: SSH keys that open one repository.
struct DeployKeyRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let path = IdentitySurface.base + "/deploy-keys/{kind}/{namespace}/{name}"
        let errors = context.errors
        return [
            Route(.get, path, .repository(.memberAdmin), errors: errors, handler: list),
            Route(.post, path, .repository(.memberAdmin), errors: errors, handler: add),
            Route(.delete, path + "/{id}", .repository(.memberAdmin), errors: errors, handler: remove),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let keys = try await context.store.deployKeys.list(of: try await context.open(request, .memberAdmin))
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
        let canWrite: Bool?
        let expiresInSeconds: Int64?
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .memberAdmin)
        let body = try await request.body.json(Addition.self, upTo: IdentityContext.bodyLimit)
        let key = try SSHPublicKey(parsing: body.key)
        let added = try await context.store.deployKeys.add(
            key, name: body.name ?? key.comment, canWrite: body.canWrite ?? false,
            expiresAt: try context.expiry(inSeconds: body.expiresInSeconds), to: repository,
            at: try await context.authorizer.openGrants(on: repository))
        return .json(status: 201) { Self.write(added, to: &$0) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let repository = try await context.open(request, .memberAdmin)
        try await context.store.deployKeys.remove(IdentityContext.id(request, "id"), from: repository)
        return .status(204)
    }

    private static func write(_ key: DeployKey, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(key.account.id, radix: 16))
            json.member("name", key.name)
            json.member("fingerprint", "SHA256:\(key.fingerprint)")
            json.member("canWrite", key.canWrite)
            json.member("createdAt", time: key.account.createdAt)
            json.member("expiresAt", time: key.expiresAt)
        }
    }
}
