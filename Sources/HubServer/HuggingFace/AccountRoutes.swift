import HTTPTypes
import HubCore

/// `GET /api/users/{user}/overview|followers|following` and
/// `GET /api/organizations/{organisation}/overview|members|followers`: who is here. Nobody follows anybody at this hub.
///
/// Only accounts see accounts, so that strangers cannot list them (S3).
struct AccountRoutes: Sendable {
    private static let pageSize = 500

    let access: RepositoryAccess

    var routes: [Route] {
        [
            Route(.get, "/api/users/{user}/overview", .authenticated, errors: access.errors, handler: user),
            Route(
                .get, "/api/organizations/{organisation}/overview", .authenticated, errors: access.errors,
                handler: organisation),
            Route(
                .get, "/api/organizations/{organisation}/members", .authenticated, errors: access.errors,
                handler: members),
            Route(
                .get, "/api/users/{user}/followers", .authenticated, errors: access.errors, handler: followersOfUser),
            Route(
                .get, "/api/users/{user}/following", .authenticated, errors: access.errors, handler: followersOfUser),
            Route(
                .get, "/api/organizations/{organisation}/followers", .authenticated, errors: access.errors,
                handler: followersOfOrganisation),
        ]
    }

    private func account(_ request: HubRequest) async throws -> User {
        let name = try request.parameter("user")
        guard let user = try await access.store.organisations.account(named: name) else {
            throw HubError(.notFound, "There is no user called '\(name)'.")
        }
        return user
    }

    private func followersOfUser(_ request: HubRequest) async throws -> HubResponse {
        _ = try await account(request)
        return .json { $0.array { _ in } }
    }

    private func followersOfOrganisation(_ request: HubRequest) async throws -> HubResponse {
        _ = try await access.authorizer.openOrganisation(
            request.principal(), .discover, request.parameter("organisation"))
        return .json { $0.array { _ in } }
    }

    private func user(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let user = try await account(request)
        let memberships = try await access.store.organisations.memberships(of: user, seenBy: principal)
        let counts = try await counts(of: user.name, for: principal)
        return .json { json in
            json.object { json in
                json.account(user)
                json.member("type", "user")
                json.member("isPro", false)
                for (name, count) in counts { json.member(name, count) }
                json.array("orgs") { json in
                    for membership in memberships {
                        json.organisation(membership.organisation, role: nil)
                    }
                }
                json.member("createdAt", JSONDate.text(milliseconds: user.createdAt))
            }
        }
    }

    private func organisation(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let organisation = try await access.authorizer.openOrganisation(
            principal, .discover, request.parameter("organisation"))
        let counts = try await counts(of: organisation.name, for: principal)
        let size = try await access.store.organisations.size(of: organisation)
        return .json { json in
            json.object { json in
                json.member("id", String(organisation.id, radix: 16))
                json.member("name", organisation.name)
                json.member("fullname", organisation.fullName)
                json.member("type", "org")
                json.member("avatarUrl", "")
                json.member("isVerified", false)
                json.member("numUsers", size)
                for (name, count) in counts { json.member(name, count) }
                json.member("createdAt", JSONDate.text(milliseconds: organisation.createdAt))
            }
        }
    }

    private func members(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await access.authorizer.openOrganisation(
            request.principal(), .discover, request.parameter("organisation"))
        let found = try await access.store.organisations.members(
            of: organisation, after: request.query.first("cursor"), limit: Self.pageSize + 1)
        let page = found.prefix(Self.pageSize)
        let response = HubResponse.json { json in
            json.array { json in
                for membership in page {
                    json.object { json in
                        json.account(membership.user)
                        json.member("isPro", false)
                        json.member("type", "user")
                        json.member("role", membership.role.hubWord)
                    }
                }
            }
        }
        guard found.count > page.count, let last = page.last else { return response }
        return response.linkingNext(request, "cursor", last.user.name)
    }

    /// How many repositories of an owner the caller may see, by the clients' names for the numbers.
    private func counts(of owner: String, for principal: Principal) async throws -> [(String, Int64)] {
        var counts: [(String, Int64)] = []
        for (name, kind) in [
            ("numModels", RepositoryKind.model), ("numDatasets", .dataset), ("numSpaces", .space),
        ] {
            var query = RepositoryQuery(kind: kind)
            query.author = owner
            query.limit = 0
            counts.append((name, try await access.store.list(query, for: principal).total))
        }
        return counts
    }
}

extension JSONWriter {
    /// The members that name an account in every answer.
    mutating func account(_ user: User) {
        member("_id", String(user.id, radix: 16))
        member("user", user.name)
        member("fullname", user.name)
        member("avatarUrl", "")
    }

    /// An organisation as `whoami` and overviews list it.
    /// - Parameter role: left out for other people's eyes.
    mutating func organisation(_ organisation: Organisation, role: Role?) {
        object { json in
            json.member("type", "org")
            json.member("id", String(organisation.id, radix: 16))
            json.member("name", organisation.name)
            json.member("fullname", organisation.fullName)
            json.member("avatarUrl", "")
            guard let role else { return }
            json.member("email", nil)
            json.member("canPay", false)
            json.member("periodEnd", nil)
            json.member("isEnterprise", false)
            json.member("roleInOrg", role.hubWord)
        }
    }
}

extension Role {
    /// The word of Hugging Face that comes nearest.
    var hubWord: String {
        switch self {
        case .reader: "read"
        case .contributor: "contributor"
        case .writer, .maintainer: "write"
        case .admin: "admin"
        }
    }
}
