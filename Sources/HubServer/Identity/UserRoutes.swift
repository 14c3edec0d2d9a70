import HTTPTypes
import HubCore

/// `/api/gateway/v1/users`: accounts, for administrators.
struct UserRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/users"
        return [
            Route(.get, base, .admin, errors: context.errors, handler: list),
            Route(.post, base, .admin, errors: context.errors, handler: create),
            Route(.patch, base + "/{user}", .admin, errors: context.errors, handler: change),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let found = try await context.identities.users(
            after: request.query.first("cursor"), limit: IdentityContext.pageSize)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("users") { json in
                    for record in found { Self.write(record, to: &json) }
                }
            }
        }
        guard found.count == IdentityContext.pageSize, let last = found.last else { return response }
        return response.linkingNext(request, "cursor", last.user.name)
    }

    private struct Creation: Decodable {
        let name: String
        let isAdministrator: Bool?
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let body = try await request.body.json(Creation.self, upTo: IdentityContext.bodyLimit)
        let user = try await context.identities.createUser(
            body.name, isAdministrator: body.isAdministrator ?? false, by: request.principal())
        return .json(status: 201) { Self.write(UserRecord(user: user, isDisabled: false), to: &$0) }
    }

    private struct Change: Decodable {
        let isDisabled: Bool
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let name = try request.parameter("user")
        let body = try await request.body.json(Change.self, upTo: IdentityContext.bodyLimit)
        try await context.identities.setDisabled(body.isDisabled, user: name, by: request.principal())
        guard let record = try await context.identities.userRecord(named: name) else {
            throw HubError(.notFound, "There is no user called '\(name)'.")
        }
        return .json { Self.write(record, to: &$0) }
    }

    private static func write(_ record: UserRecord, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(record.user.id, radix: 16))
            json.member("name", record.user.name)
            json.member("isAdministrator", record.user.isAdministrator)
            json.member("isDisabled", record.isDisabled)
            json.member("createdAt", time: record.user.createdAt)
        }
    }
}
