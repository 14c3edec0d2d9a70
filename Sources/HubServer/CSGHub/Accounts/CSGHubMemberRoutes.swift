import HTTPTypes
import HubCore

/// `/organization/{namespace}/members`: who is what, in CSGHub's three roles.
struct CSGHubMemberRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10
    private static let maximumUsers = 100

    let context: CSGHubContext

    var routes: [Route] {
        let members = "/organization/{namespace}/members"
        return [
            context.route(.get, members, .authenticated, handler: list),
            context.route(.post, members, .authenticated, handler: add),
            context.route(.get, "\(members)/{username}", .authenticated, handler: role),
            context.route(.put, "\(members)/{username}", .authenticated, handler: change),
            context.route(.delete, "\(members)/{username}", .authenticated, handler: remove),
        ]
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let organisation = try await context.organisation(request, .discover)
        let found = try await context.organisations.members(of: organisation, offset: page.offset, limit: page.per)
        let total = try await context.organisations.size(of: organisation)
        return .nestedList(total: total) { json in
            for membership in found {
                json.object { json in
                    json.member("username", membership.user.name)
                    json.member("nickname", membership.user.name)
                    json.member("uuid", String(membership.user.id, radix: 16))
                    json.member("avatar", "")
                    json.member("role", membership.role.csghubName)
                }
            }
        }
    }

    /// `""` for who is none.
    private func role(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .discover)
        let user = try await context.user(named: try request.parameter("username"))
        let role = try await context.organisations.role(of: user, in: organisation)
        return .enveloped { $0.value(role?.csghubName ?? "") }
    }

    private struct Addition: Decodable {
        /// Names with commas between.
        let users: String
        let role: String
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        let body = try await request.body.json(Addition.self, upTo: Self.maximumBody)
        let role = try Self.role(body.role)
        let names = body.users.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        guard (1...Self.maximumUsers).contains(names.count) else {
            throw HubError(.badRequest, "Name 1 to \(Self.maximumUsers) users.")
        }
        // All names are looked at first: a misspelt one adds nobody.
        for name in names { _ = try await context.user(named: name) }
        for name in names { try await context.organisations.setRole(role, of: name, in: organisation) }
        return .csghubDone
    }

    private struct Change: Decodable {
        var oldRole: String?
        let newRole: String

        enum CodingKeys: String, CodingKey {
            case oldRole = "old_role"
            case newRole = "new_role"
        }
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        let name = try request.parameter("username")
        let body = try await request.body.json(Change.self, upTo: Self.maximumBody)
        let present = try await context.organisations.role(of: try await context.user(named: name), in: organisation)
        guard let present else { throw HubError(.notFound, "'\(name)' is no member of '\(organisation.name)'.") }
        if let old = body.oldRole, !old.isEmpty, old != present.csghubName {
            throw HubError(
                .preconditionFailed, "'\(name)' is \(present.csghubName) by now.", remedy: "Look again.")
        }
        try await context.organisations.setRole(try Self.role(body.newRole), of: name, in: organisation)
        return .csghubDone
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        try await context.organisations.remove(try request.parameter("username"), from: organisation)
        return .csghubDone
    }

    /// CSGHub's words, and ours for who knows them.
    private static func role(_ text: String) throws -> Role {
        guard let role = Role(name: text) else {
            throw CSGHubParameterProblem(parameter: "role", provided: text, allowed: ["read", "write", "admin"])
        }
        return role
    }
}

extension Role {
    /// CSGHub's word for what comes nearest: who may not say who is what is no `admin` there.
    var csghubName: String {
        switch self {
        case .reader: "read"
        case .contributor, .writer, .maintainer: "write"
        case .admin: "admin"
        }
    }
}
