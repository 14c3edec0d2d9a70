import HTTPTypes
import HubCore

/// `GET|PUT|DELETE /user/{username}`, `GET /users`, `GET /user/{username}/organizations`, and `GET /version`.
struct CSGHubAccountRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10

    let context: CSGHubContext

    var routes: [Route] {
        [
            context.route("/version", .open) { [version = context.version] _ in
                .enveloped { json in
                    json.object { json in
                        json.member("version", version)
                        json.member("commit", "")
                    }
                }
            },
            context.route(.get, "/users", .authenticated, handler: users),
            context.route(.get, "/user/{username}", .authenticated, handler: user),
            context.route(.put, "/user/{username}", .authenticated, handler: change),
            context.route(.delete, "/user/{username}", .admin, handler: close),
            context.route(.get, "/user/{username}/organizations", .authenticated, handler: organisations),
        ]
    }

    // MARK: Reading

    /// An account as others see it; only accounts see accounts, so that strangers cannot list them (S3).
    private func user(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let user = try await context.user(named: try request.parameter("username"))
        let profile = try await context.identities.profile(of: user)
        let memberships = try await context.organisations.memberships(of: user, seenBy: principal)
        let isOwn = principal.user?.id == user.id || principal.isAdministrator
        return .enveloped { json in
            json.object { json in
                json.csghubMembers(of: user, profile, showsEmail: isOwn)
                json.array("orgs") { json in
                    for membership in memberships {
                        json.object { $0.csghubMembers(of: membership.organisation, nil, role: membership.role) }
                    }
                }
            }
        }
    }

    private func users(_ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let principal = try await request.principal()
        let (found, total) = try await context.identities.activeUsers(
            search: request.query.first("search") ?? "", offset: page.offset, limit: page.per)
        var rows: [(User, UserProfile)] = []
        for user in found { rows.append((user, try await context.identities.profile(of: user))) }
        let shown = rows
        return .nestedList(total: total) { json in
            for (user, profile) in shown {
                let isOwn = principal.user?.id == user.id || principal.isAdministrator
                json.object { $0.csghubMembers(of: user, profile, showsEmail: isOwn) }
            }
        }
    }

    private func organisations(_ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let principal = try await request.principal()
        let user = try await context.user(named: try request.parameter("username"))
        let memberships = try await context.organisations.memberships(of: user, seenBy: principal)
        let shown = memberships.dropFirst(page.offset).prefix(page.per)
        let profiles = try await context.organisations.profiles(of: shown.map(\.organisation))
        return .nestedList(total: Int64(memberships.count)) { json in
            for (organisation, role) in shown {
                json.object { $0.csghubMembers(of: organisation, profiles[organisation.id], role: role) }
            }
        }
    }

    // MARK: Changing

    private struct Change: Decodable {
        var name: String?
        var email: String?
        var avatar: String?
        var homepage: String?
        var bio: String?
        var roles: [String]?
        var newName: String?

        enum CodingKeys: String, CodingKey {
            case name, email, avatar, homepage, bio, roles
            case newName = "new_username"
        }
    }

    /// What a user says of himself, by himself or an administrator; his name is in the paths of his repositories.
    private func change(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let name = try request.parameter("username")
        if !principal.isAdministrator { try CSGHubRefusal.requireWholeAccount(principal, name) }
        let user = try await context.user(named: name)
        let body = try await request.body.json(Change.self, upTo: Self.maximumBody)
        if let roles = body.roles, Set(roles) != Set(user.isAdministrator ? ["admin"] : []) {
            throw HubError(
                .forbidden, "Who is an administrator is said on the hub's own machine.", remedy: "Leave 'roles' out.")
        }
        if let wanted = body.newName, RepositoryID.key(wanted) != RepositoryID.key(user.name) {
            throw HubError(.badRequest, "A user keeps his name.", remedy: "Change 'name', which people read, instead.")
        }
        try await context.identities.changeProfile(of: user, by: principal) { profile in
            profile.nickname = body.name ?? profile.nickname
            profile.email = body.email ?? profile.email
            profile.avatar = body.avatar ?? profile.avatar
            profile.homepage = body.homepage ?? profile.homepage
            profile.bio = body.bio ?? profile.bio
        }
        return .csghubDone
    }

    /// Shuts an account, with its tokens and keys. What it made stays, and nobody else gets its name.
    private func close(_ request: HubRequest) async throws -> HubResponse {
        let user = try await context.user(named: try request.parameter("username"))
        guard !user.isAdministrator else {
            throw HubError(.badRequest, "'\(user.name)' is an administrator, whom this does not remove.")
        }
        try await context.identities.setDisabled(true, user: user.name, by: try await request.principal())
        return .csghubDone
    }
}

extension CSGHubContext {
    var organisations: OrganisationStore { access.store.organisations }

    /// - Throws: `.notFound`, also for an account that was shut.
    func user(named name: String) async throws -> User {
        guard let user = try await identities.user(named: name) else {
            throw HubError(.notFound, "There is no user called '\(name)'.")
        }
        return user
    }
}

extension JSONWriter {
    mutating func csghubMembers(of user: User, _ profile: UserProfile, showsEmail: Bool) {
        member("id", user.id)
        member("username", user.name)
        member("nickname", profile.nickname.isEmpty ? user.name : profile.nickname)
        if showsEmail { member("email", profile.email) }
        member("uuid", String(user.id, radix: 16))
        member("avatar", profile.avatar)
        member("homepage", profile.homepage)
        member("bio", profile.bio)
        member("roles", user.isAdministrator ? ["admin"] : [])
        member("created_at", JSONDate.text(milliseconds: user.createdAt))
    }
}
