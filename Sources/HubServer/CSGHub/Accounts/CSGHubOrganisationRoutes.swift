import HTTPTypes
import HubCore

/// `GET|POST /organizations`, `GET|PUT|DELETE /organization/{namespace}` and what an organisation has
/// (wire/csghub.md §2.5). In answers `path` is the name in paths and `name` the one for people.
struct CSGHubOrganisationRoutes: CSGHubRouteFamily {
    private static let maximumBody = 64 << 10

    let context: CSGHubContext

    var routes: [Route] {
        let one = "/organization/{namespace}"
        return [
            context.route(.get, "/organizations", .authenticated, handler: list),
            context.route(.post, "/organizations", .authenticated, handler: create),
            context.route(.get, one, .authenticated, handler: show),
            context.route(.put, one, .authenticated, handler: change),
            context.route(.delete, one, .authenticated, handler: remove),
            context.route(.get, "\(one)/\(CSGHubContext.kinds)", .open) { request in
                try await context.repositories(of: try request.parameter("namespace"), request)
            },
        ]
    }

    // MARK: Reading

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let page = try CSGHubPage(request.query)
        let (found, total) = try await context.organisations.find(
            search: request.query.first("search") ?? "", for: try await request.principal(), offset: page.offset,
            limit: page.per)
        let profiles = try await context.organisations.profiles(of: found)
        return .nestedList(total: total) { json in
            for organisation in found {
                json.object { $0.csghubMembers(of: organisation, profiles[organisation.id], role: nil) }
            }
        }
    }

    private func show(_ request: HubRequest) async throws -> HubResponse {
        try await shown(try await context.organisation(request, .discover))
    }

    private func shown(_ organisation: Organisation) async throws -> HubResponse {
        let profile = try await context.organisations.profiles(of: [organisation])[organisation.id]
        var role: Role?
        if let user = organisation.principal.user {
            role = try await context.organisations.role(of: user, in: organisation)
        }
        let own = role
        return .enveloped { json in
            json.object { $0.csghubMembers(of: organisation, profile, role: own) }
        }
    }

    // MARK: Changing

    private struct Body: Decodable {
        var name: String?
        var nickname: String?
        var description: String?
        var homepage: String?
        var logo: String?
        var type: String?

        enum CodingKeys: String, CodingKey {
            case name, nickname, description, homepage, logo
            case type = "org_type"
        }

        func apply(to profile: inout OrganisationProfile) {
            profile.description = description ?? profile.description
            profile.homepage = homepage ?? profile.homepage
            profile.logo = logo ?? profile.logo
            profile.type = type ?? profile.type
        }
    }

    private func create(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        let body = try await request.body.json(Body.self, upTo: Self.maximumBody)
        guard let name = body.name, let owner = principal.user else {
            throw HubError(.badRequest, "An organisation has a name.")
        }
        let made = try await context.organisations.create(
            name, fullName: body.nickname.flatMap { $0.isEmpty ? nil : $0 }, owner: owner, by: principal)
        return try await shown(try await context.organisations.change(made, fullName: nil) { body.apply(to: &$0) })
    }

    private func change(_ request: HubRequest) async throws -> HubResponse {
        let organisation = try await context.organisation(request, .memberAdmin)
        let body = try await request.body.json(Body.self, upTo: Self.maximumBody)
        return try await shown(
            try await context.organisations.change(organisation, fullName: body.nickname) { body.apply(to: &$0) })
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        try await context.organisations.delete(try await context.organisation(request, .memberAdmin))
        return .csghubDone
    }
}

extension CSGHubContext {
    /// Opens the organisation that `{namespace}` names.
    func organisation(_ request: HubRequest, _ verb: Verb) async throws -> Organisation {
        try await access.authorizer.openOrganisation(
            try await request.principal(), verb, try request.parameter("namespace"))
    }
}

extension JSONWriter {
    /// - Parameter role: what somebody is in it; nil for nothing.
    mutating func csghubMembers(of organisation: Organisation, _ profile: OrganisationProfile?, role: Role?) {
        let profile = profile ?? OrganisationProfile()
        member("path", organisation.name)
        member("name", organisation.fullName)
        member("description", profile.description)
        member("homepage", profile.homepage)
        member("logo", profile.logo)
        member("org_type", profile.type)
        member("verified", false)
        member("uuid", String(organisation.id, radix: 16))
        if let role { member("role", role.csghubName) }
        member("created_at", JSONDate.text(milliseconds: organisation.createdAt))
    }
}
