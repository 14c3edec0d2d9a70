import HTTPTypes
import HubCore

/// `/api/gateway/v1/grants/{kind}/{namespace}/{name}`, `/api/gateway/v1/organizations/{organization}/grants` and
/// `/api/gateway/v1/grants`: rights on one repository, on all of an organisation, and on the whole hub, apart from
/// memberships. Given by whoever may say who is what there, and never more than he may do himself.
struct GrantRoutes: Sendable {
    let context: IdentityContext

    var routes: [Route] {
        let base = IdentitySurface.base
        return routes(at: base + "/grants/{kind}/{namespace}/{name}", .repository(.memberAdmin))
            + routes(at: base + "/organizations/{organization}/grants", .authenticated)
            + routes(at: base + "/grants", .admin)
    }

    private func routes(at path: String, _ verb: RouteVerb) -> [Route] {
        let errors = context.errors
        return [
            Route(.get, path, verb, errors: errors, handler: list),
            Route(.post, path, verb, errors: errors, handler: add),
            Route(.delete, path + "/{id}", verb, errors: errors, handler: remove),
        ]
    }

    /// Where the path says the grants are.
    private func place(_ request: HubRequest) async throws -> GrantPlace {
        if request.parameters["kind"] != nil {
            return try await context.authorizer.openGrants(on: try await context.open(request, .memberAdmin))
        }
        let principal = try await request.principal()
        guard let name = request.parameters["organization"] else {
            return try context.authorizer.openGrantsOfHub(principal)
        }
        return try await context.authorizer.openGrants(principal, inOrganisation: name)
    }

    private func list(_ request: HubRequest) async throws -> HubResponse {
        let grants = try await context.store.grants.list(at: try await place(request))
        return .json { json in
            json.object { json in
                json.array("grants") { json in
                    for grant in grants { Self.write(grant, to: &json) }
                }
            }
        }
    }

    private struct Addition: Decodable {
        /// `everyone`, `authenticated`, or nothing when a user or an organisation is named.
        let subject: String?
        /// A person or a robot.
        let user: String?
        let organization: String?
        /// The role in the organisation from which members are meant; all of them by default.
        let from: String?
        /// A team of the organisation that is named.
        let team: String?
        let role: String
        let effect: String?
        let expiresInSeconds: Int64?
        /// Blocks of addresses from which one must ask, as `10.0.0.0/8`.
        let sources: [String]?
        /// The paths of a repository's content that it is about, as `data/pii/**`.
        let path: String?
        /// The refs that it is about, as `refs/heads/release/*`.
        let ref: String?
    }

    private func add(_ request: HubRequest) async throws -> HubResponse {
        let place = try await place(request)
        let body = try await request.body.json(Addition.self, upTo: IdentityContext.bodyLimit)
        guard let effect = AccessGrant.Effect(rawValue: body.effect ?? "allow") else {
            throw HubError(.badRequest, "The effect is neither allow nor deny.")
        }
        // An empty list would mean anywhere to some, and nowhere to others.
        guard body.sources.map({ !$0.isEmpty }) ?? true else {
            throw HubError(.badRequest, "'sources' lists at least one block of addresses.")
        }
        let grant = try await context.store.grants.add(
            try await subject(of: body, for: place.principal),
            role: try await context.store.roles.role(named: body.role, at: place), effect: effect,
            expiresAt: try context.expiry(inSeconds: body.expiresInSeconds),
            sources: try (body.sources ?? []).map(Self.block),
            part: body.path == nil && body.ref == nil ? nil : try ContentPart(paths: body.path, refs: body.ref),
            at: place)
        return .json(status: 201) { Self.write(grant, to: &$0) }
    }

    private func remove(_ request: HubRequest) async throws -> HubResponse {
        let place = try await place(request)
        guard let id = Int64(try request.parameter("id"), radix: 16) else {
            throw HubError(.notFound, "There is no such grant here.")
        }
        try await context.store.grants.remove(id, at: place)
        return .status(204)
    }

    private func subject(of body: Addition, for principal: Principal) async throws -> AccessGrant.Subject {
        switch (body.subject, body.user, body.organization) {
        case ("everyone", nil, nil): return .everyone
        case ("authenticated", nil, nil): return .authenticated
        case (nil, let name?, nil):
            guard let account = try await context.identities.account(named: name), account.kind != .deployKey else {
                throw HubError(.notFound, "There is no user called '\(name)'.")
            }
            return .user(account.id)
        case (nil, nil, let name?):
            let organisation = try await context.authorizer.openOrganisation(principal, .discover, name)
            if let team = body.team {
                return .team(try await context.store.teams.team(named: team, of: organisation).id)
            }
            return .members(
                organisation: organisation.id, from: try IdentityContext.role(body.from ?? Role.reader.name))
        default:
            throw HubError(
                .badRequest, "Name one of user, organization, and the subject everyone or authenticated.")
        }
    }

    private static func block(_ text: String) throws -> AddressBlock {
        guard let block = AddressBlock(parsing: text) else {
            throw HubError(.badRequest, "'\(text)' is no block of addresses.", remedy: "Write it as 10.0.0.0/8.")
        }
        return block
    }

    private static func write(_ grant: AccessGrant, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", String(grant.id, radix: 16))
            switch grant.subject {
            case .everyone: json.member("subject", "everyone")
            case .authenticated: json.member("subject", "authenticated")
            case .user(let id): json.member("userId", String(id, radix: 16))
            case .team(let id): json.member("teamId", String(id, radix: 16))
            case .members(let organisation, let role):
                json.member("organizationId", String(organisation, radix: 16))
                json.member("from", role.name)
            }
            json.member("role", grant.role.name)
            json.member("effect", grant.effect.rawValue)
            json.member("expiresAt", time: grant.expiresAt)
            if !grant.sources.isEmpty { json.member("sources", grant.sources.map(\.description)) }
            if let paths = grant.part?.paths { json.member("path", paths.text) }
            if let refs = grant.part?.refs { json.member("ref", refs.text) }
        }
    }
}
