import HTTPTypes
import HubCore

/// `/api/gateway/v1/organizations`: founding organisations and saying who is what in them.
struct OrganisationRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base + "/organizations"
        let errors = context.errors
        return [
            Route(.get, base, .authenticated, errors: errors, handler: list),
            Route(.post, base, .admin, errors: errors, handler: create),
            Route(.get, base + "/{organization}", .authenticated, errors: errors, handler: get),
            Route(.patch, base + "/{organization}", .authenticated, errors: errors, handler: change),
            Route(.get, base + "/{organization}/members", .authenticated, errors: errors, handler: members),
            Route(.put, base + "/{organization}/members/{user}", .authenticated, errors: errors, handler: put),
            Route(.delete, base + "/{organization}/members/{user}", .authenticated, errors: errors, handler: remove),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let found = try await context.store.organisations.list(
            for: request.principal(), after: request.query.first("cursor"), limit: IdentityContext.pageSize)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("organizations") { json in
                    for organisation in found { Self.write(organisation, to: &json) }
                }
            }
        }
        guard found.count == IdentityContext.pageSize, let last = found.last else { return response }
        return response.linkingNext(request, "cursor", last.name)
    }

    private struct Creation: Decodable {
        let name: String
        let fullName: String?
        let owner: String?
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let body = try await request.body.json(Creation.self, upTo: IdentityContext.bodyLimit)
        let owner = try await context.user(named: body.owner ?? principal.label)
        let organisation = try await context.store.organisations.create(
            body.name, fullName: body.fullName, owner: owner, by: principal)
        return .json(status: 201) { Self.write(organisation, to: &$0) }
    }

    private func get(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.authorizer.openOrganisation(
            request.principal(), .discover, request.parameter("organization"))
        return .json { Self.write(organisation, to: &$0) }
    }

    private struct Settings: Decodable {
        let fullName: String?
        let privateByDefault: Bool?
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.authorizer.openOrganisation(
            request.principal(), .memberAdmin, request.parameter("organization"))
        let settings = try await request.body.json(Settings.self, upTo: IdentityContext.bodyLimit)
        let changed = try await context.store.organisations.change(organisation, fullName: settings.fullName) {
            $0.isPrivateByDefault = settings.privateByDefault ?? $0.isPrivateByDefault
        }
        let usual = try await context.store.organisations.defaultVisibility(in: changed.name)
        return .json { json in
            json.object { json in
                json.member("name", changed.name)
                json.member("fullName", changed.fullName)
                json.member("privateByDefault", usual == .private)
            }
        }
    }

    private func members(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.authorizer.openOrganisation(
            request.principal(), .discover, request.parameter("organization"))
        let found = try await context.store.organisations.members(
            of: organisation, after: request.query.first("cursor"), limit: IdentityContext.pageSize)
        let response = HubResponse.json { json in
            json.object { json in
                json.array("members") { json in
                    for membership in found {
                        json.object { json in
                            json.member("user", membership.user.name)
                            json.member("role", membership.role.name)
                            json.member("since", time: membership.since)
                        }
                    }
                }
            }
        }
        guard found.count == IdentityContext.pageSize, let last = found.last else { return response }
        return response.linkingNext(request, "cursor", last.user.name)
    }

    private struct Change: Decodable {
        let role: String
    }

    private func put(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.authorizer.openOrganisation(
            request.principal(), .memberAdmin, request.parameter("organization"))
        let name = try request.parameter("user")
        let change = try await request.body.json(Change.self, upTo: IdentityContext.bodyLimit)
        guard let role = Role(name: change.role) else {
            throw HubError(
                .badRequest, "'\(change.role)' is no role.",
                remedy: "Use one of \(Role.allCases.map(\.name).joined(separator: ", ")).")
        }
        try await context.store.organisations.setRole(role, of: name, in: organisation)
        return .json { json in
            json.object { json in
                json.member("user", name)
                json.member("role", role.name)
            }
        }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.authorizer.openOrganisation(
            request.principal(), .memberAdmin, request.parameter("organization"))
        try await context.store.organisations.remove(request.parameter("user"), from: organisation)
        return .status(204)
    }

    private static func write(_ organisation: Organisation, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(organisation.id, radix: 16))
            json.member("name", organisation.name)
            json.member("fullName", organisation.fullName)
            json.member("createdAt", time: organisation.createdAt)
        }
    }
}
