import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import Policies
import WebPages

/// Pages of one organisation: its members, teams, robots and their tokens, grants, quota and settings.
///
/// Each page is for whoever may do the same by the REST surface. What is changed is named in the form, so that the page
/// to come back to always has the address it was sent to.
struct OrganisationWebRoutes: Sendable {
    let web: WebContext
    /// Members of a page.
    private static let pageSize = 100

    var routes: [Route] {
        func both(
            _ part: String, _ show: @escaping Route.Handler, _ change: @escaping Route.Handler
        ) -> [Route] {
            let path = "/{organization}/-/\(part)"
            return [
                Route(.get, path, .authenticated, errors: web.errors, handler: show),
                Route(.post, path, .authenticated, errors: web.errors, handler: change),
            ]
        }
        return both("members", members, changeMembers) + both("teams", teams, changeTeams)
            + both("robots", robots, changeRobots) + both("tokens", tokens, changeTokens)
            + both("grants", grants, changeGrants) + both("settings", settings, changeSettings)
            + [Route(.get, "/{organization}/-/quota", .authenticated, errors: web.errors, handler: quota)]
    }

    private var store: RepositoryStore { web.gateway.hub.store }
    private var authorizer: Authorizer { web.gateway.authorizer }

    private func name(_ request: HubRequest) throws -> String { try request.parameter("organization") }
    private func address(_ organisation: Organisation, _ part: String) -> String {
        "/\(URLText.component(organisation.name))/-/\(part)"
    }

    /// Whether the caller says who is what in an organisation.
    private func canManage(_ principal: Principal, _ organisation: Organisation) async throws -> Bool {
        try await authorizer.decide(principal, .memberAdmin, in: organisation.name).isAllowed
    }

    private func frame(
        _ organisation: Organisation, _ request: HubRequest, _ context: PageContext, problem: String? = nil
    ) async throws -> OrganisationFrame {
        OrganisationFrame(
            name: organisation.name, fullName: organisation.fullName,
            canManage: try await canManage(request.principal(), organisation), notice: web.notice(request, context),
            problem: problem)
    }

    /// Opens the organisation of the path, or nil for somebody who has to sign in first.
    private func open(_ request: HubRequest, _ verb: Verb) async throws -> Organisation? {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return nil }
        return try await authorizer.openOrganisation(principal, verb, name(request))
    }

    /// What the hub said when it refused, in the reader's language where that is known.
    private static func words(_ error: HubError, _ name: String, _ t: L10n) -> String {
        switch error.code {
        case .notFound: t.organisationNobody(name)
        case .conflict: t.organisationLastAdmin
        case .forbidden: t.organisationTooMuch
        default: error.message
        }
    }

    // MARK: Members

    private func members(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .discover) else { return try await web.askToSignIn(request) }
        return try await membersPage(request, organisation)
    }

    private func membersPage(
        _ request: HubRequest, _ organisation: Organisation, draft: (name: String, role: String) = ("", "reader"),
        problem: ((L10n) -> String)? = nil, fieldProblem: ((L10n) -> String)? = nil
    ) async throws -> HubResponse {
        let after = request.query.first("after")
        let found = try await store.organisations.members(of: organisation, after: after, limit: Self.pageSize + 1)
        let total = try await store.organisations.size(of: organisation)
        let page = found.prefix(Self.pageSize)
        return try await web.page(request) { context in
            OrganisationMembersPage(
                frame: try await frame(organisation, request, context, problem: problem?(context.t)),
                members: page.map { .init(name: $0.user.name, role: $0.role.name, since: $0.since) }, total: total,
                next: found.count > Self.pageSize ? page.last?.user.name : nil, isFirst: after == nil, draft: draft,
                problems: fieldProblem.map { ["user": $0(context.t)] } ?? [:]
            ).page(context)
        }
    }

    private func changeMembers(_ request: HubRequest) async throws -> HubResponse {
        guard let seen = try await open(request, .discover) else {
            return try await web.askToSignIn(request)
        }
        let principal = try await request.principal()
        // Whoever manages nobody may leave, and is told otherwise before his form is looked at.
        let manages = try await canManage(principal, seen)
        if !manages {
            guard let user = principal.user, try await store.organisations.role(of: user, in: seen) != nil else {
                throw HubError(.forbidden, "You may not say who is what in '\(seen.name)'.")
            }
        }
        let form = try await web.form(request)
        if form.text("do") == "leave" {
            _ = try principal.wholePerson()
            do {
                try await store.organisations.leave(seen)
            } catch let error as HubError where error.code == .conflict {
                return try await membersPage(request, seen, problem: { $0.organisationLastAdmin })
            }
            return web.seeOther("/settings?done=left")
        }
        let organisation = try await authorizer.openOrganisation(principal, .memberAdmin, seen.name)
        let user = form.text("user").trimmingCharacters(in: .whitespaces)
        do {
            if form.text("do") == "remove" {
                try await store.organisations.remove(user, from: organisation)
                return web.seeOther(address(organisation, "members") + "?done=removed")
            }
            try await store.organisations.setRole(
                try IdentityContext.role(form.text("role")), of: user, in: organisation)
            let word = form.isTicked("new") ? "added" : "saved"
            return web.seeOther(address(organisation, "members") + "?done=\(word)")
        } catch let error as HubError where error.status < 500 {
            let draft = (user, form.text("role"))
            if form.isTicked("new") {
                return try await membersPage(
                    request, organisation, draft: draft, fieldProblem: { Self.words(error, user, $0) })
            }
            return try await membersPage(request, organisation, problem: { Self.words(error, user, $0) })
        }
    }

    // MARK: Teams

    private func teams(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .discover) else { return try await web.askToSignIn(request) }
        return try await teamsPage(request, organisation)
    }

    private func teamsPage(
        _ request: HubRequest, _ organisation: Organisation, problem: ((L10n) -> String)? = nil
    ) async throws -> HubResponse {
        var teams: [OrganisationTeamsPage.Team] = []
        for team in try await store.teams.list(of: organisation) {
            let members = try await store.teams.members(of: team.name, in: organisation)
            teams.append(.init(name: team.name, createdAt: team.createdAt, members: members.map(\.name)))
        }
        let found = teams
        return try await web.page(request) { context in
            OrganisationTeamsPage(
                frame: try await frame(organisation, request, context, problem: problem?(context.t)), teams: found
            ).page(context)
        }
    }

    private func changeTeams(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .memberAdmin) else {
            return try await web.askToSignIn(request)
        }
        let form = try await web.form(request)
        let (team, user) = (form.text("team"), form.text("user").trimmingCharacters(in: .whitespaces))
        let teams = store.teams
        do {
            let word: String
            switch form.text("do") {
            case "create":
                _ = try await teams.create(team.trimmingCharacters(in: .whitespaces), in: organisation)
                word = "created"
            case "remove":
                try await teams.remove(team, from: organisation)
                word = "removed"
            case "add":
                try await teams.add(user, to: team, of: organisation)
                word = "added"
            default:
                try await teams.remove(user, from: team, of: organisation)
                word = "removed"
            }
            return web.seeOther(address(organisation, "teams") + "?done=\(word)")
        } catch let error as HubError where error.status < 500 {
            return try await teamsPage(request, organisation) { t in
                error.code == .notFound
                    ? t.organisationNobody(user.isEmpty ? team : user)
                    : error.code == .badRequest || error.code == .conflict ? t.adminNameTaken : error.message
            }
        }
    }

    // MARK: Robots

    private func robots(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .memberAdmin) else {
            return try await web.askToSignIn(request)
        }
        return try await robotsPage(request, organisation)
    }

    private func robotsPage(
        _ request: HubRequest, _ organisation: Organisation, problem: ((L10n) -> String)? = nil
    ) async throws -> HubResponse {
        let found = try await store.robots.list(of: organisation)
        return try await web.page(request) { context in
            OrganisationRobotsPage(
                frame: try await frame(organisation, request, context, problem: problem?(context.t)),
                robots: found.map {
                    .init(
                        name: $0.name, account: $0.account.name, role: $0.role.name, createdAt: $0.account.createdAt,
                        expiresAt: $0.expiresAt)
                }
            ).page(context)
        }
    }

    private func expiry(_ form: WebForm) -> Int64? {
        let days = Int64(form.text("days")).map { max(0, min($0, 3_650)) } ?? 0
        return days == 0 ? nil : web.gateway.hub.clock.now() + days * 86_400_000
    }

    private func changeRobots(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .memberAdmin) else {
            return try await web.askToSignIn(request)
        }
        let form = try await web.form(request)
        let robot = form.text("robot").trimmingCharacters(in: .whitespaces)
        do {
            guard form.text("do") == "create" else {
                try await store.robots.remove(robot, from: organisation)
                return web.seeOther(address(organisation, "robots") + "?done=removed")
            }
            _ = try await store.robots.create(
                robot, role: try IdentityContext.role(form.text("role")), expiresAt: expiry(form), in: organisation)
            return web.seeOther(address(organisation, "robots") + "?done=created")
        } catch let error as HubError where error.status < 500 && error.code != .notFound {
            return try await robotsPage(request, organisation) { t in
                error.code == .forbidden ? t.organisationTooMuch : t.adminNameTaken
            }
        }
    }

    // MARK: Tokens of robots

    private func tokens(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .memberAdmin) else {
            return try await web.askToSignIn(request)
        }
        return try await tokensPage(request, organisation)
    }

    private func tokensPage(
        _ request: HubRequest, _ organisation: Organisation, chosen: String? = nil, draft: TokenDraft = TokenDraft(),
        shown: TokenReveal.Shown? = nil, problem: String? = nil, problems: [String: String] = [:]
    ) async throws -> HubResponse {
        var robots: [(name: String, tokens: [TokenLine])] = []
        for robot in try await store.robots.list(of: organisation) {
            let records = try await web.gateway.hub.identities.tokens(of: robot.account)
            robots.append((robot.name, records.map(TokenLine.init)))
        }
        let found = robots
        var answer = try await web.page(request) { context in
            OrganisationTokensPage(
                frame: try await frame(organisation, request, context, problem: problem), robots: found,
                chosen: chosen, draft: draft, shown: shown, problems: problems
            ).page(context)
        }
        if shown != nil { answer.headers[.cacheControl] = "no-store" }
        return answer
    }

    private func changeTokens(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .memberAdmin) else {
            return try await web.askToSignIn(request)
        }
        let form = try await web.form(request)
        let principal = try await request.principal()
        let robot = try await store.robots.robot(named: form.text("robot"), of: organisation)
        guard form.text("do") == "create" else {
            guard let id = Int64(form.text("token"), radix: 16) else {
                throw HubError(.notFound, "'\(robot.account.name)' has no such token.")
            }
            try await web.gateway.hub.identities.revokeToken(id, of: robot.account, by: principal)
            return web.seeOther(address(organisation, "tokens") + "?done=revoked")
        }
        let wish = TokenWishForm(form, now: web.gateway.hub.clock.now(), try await web.context(request).t)
        guard let wanted = wish.wish else {
            return try await tokensPage(
                request, organisation, chosen: robot.name, draft: wish.draft, problems: wish.problems)
        }
        do {
            let (token, record) = try await store.robots.createToken(
                for: robot, name: wanted.name, scope: wanted.scope, expiresAt: wanted.expiresAt,
                resources: wanted.resources, by: principal)
            return try await tokensPage(
                request, organisation,
                shown: .init(name: record.grant.name, text: token.reveal(), user: robot.account.name))
        } catch let error as HubError where error.status < 500 {
            return try await tokensPage(
                request, organisation, chosen: robot.name, draft: wish.draft, problem: error.message)
        }
    }

    // MARK: Grants

    private func place(_ request: HubRequest) async throws -> (Organisation, GrantPlace)? {
        guard let organisation = try await open(request, .memberAdmin) else { return nil }
        let place = try await authorizer.openGrants(request.principal(), inOrganisation: organisation.name)
        return (organisation, place)
    }

    private func grants(_ request: HubRequest) async throws -> HubResponse {
        guard let (organisation, place) = try await place(request) else { return try await web.askToSignIn(request) }
        return try await grantsPage(request, organisation, place)
    }

    private func grantsPage(
        _ request: HubRequest, _ organisation: Organisation, _ place: GrantPlace,
        draft: OrganisationGrantsPage.Draft = .init(), problem: String? = nil, problems: [String: String] = [:]
    ) async throws -> HubResponse {
        let teams = Dictionary(
            try await store.teams.list(of: organisation).map { ($0.id, $0.name) },
            uniquingKeysWith: { first, _ in first })
        let organisations = try await store.organisations.namesByID()
        var lines: [OrganisationGrantsPage.Grant] = []
        for grant in try await store.grants.list(at: place) {
            let subject: OrganisationGrantsPage.Grant.Subject
            switch grant.subject {
            case .everyone: subject = .everyone
            case .authenticated: subject = .authenticated
            case .user(let id): subject = .user(try await web.gateway.hub.identities.name(ofAccount: id))
            case .team(let id): subject = .team(teams[id])
            case .members(let id, let role):
                subject = .members(organisation: organisations[id], from: role.name)
            }
            lines.append(
                .init(
                    id: String(grant.id, radix: 16), subject: subject, role: grant.role.name,
                    isDenial: grant.effect == .deny, paths: grant.part?.paths?.text, refs: grant.part?.refs?.text,
                    sources: grant.sources.map(\.description), expiresAt: grant.expiresAt))
        }
        let custom = try await store.roles.list(of: organisation.id) + store.roles.list(of: nil)
        let roles = Role.allCases.map(\.name) + Office.allCases.map(\.name) + custom.map(\.name)
        let found = lines
        return try await web.page(request) { context in
            OrganisationGrantsPage(
                frame: try await frame(organisation, request, context, problem: problem), grants: found, roles: roles,
                draft: draft, problems: problems
            ).page(context)
        }
    }

    private func changeGrants(_ request: HubRequest) async throws -> HubResponse {
        guard let (organisation, place) = try await place(request) else { return try await web.askToSignIn(request) }
        let form = try await web.form(request)
        guard form.text("do") == "add" else {
            guard let id = Int64(form.text("grant"), radix: 16) else {
                throw HubError(.notFound, "There is no such grant here.")
            }
            try await store.grants.remove(id, at: place)
            return web.seeOther(address(organisation, "grants") + "?done=removed")
        }
        var draft = OrganisationGrantsPage.Draft()
        draft.subject = form.text("subject")
        draft.name = form.text("name").trimmingCharacters(in: .whitespaces)
        draft.role = form.text("role")
        draft.effect = form.text("effect")
        draft.paths = form.text("paths").trimmingCharacters(in: .whitespaces)
        draft.refs = form.text("refs").trimmingCharacters(in: .whitespaces)
        draft.sources = form.text("sources")
        draft.days = Int(form.text("days")) ?? 0
        let t = try await web.context(request).t
        do {
            let sources = try draft.sources.split(separator: ",").map { part in
                let text = String(part).trimmingCharacters(in: .whitespaces)
                guard let block = AddressBlock(parsing: text) else {
                    throw HubError(.badRequest, "'\(text)' is no block of addresses.")
                }
                return block
            }
            let part =
                draft.paths.isEmpty && draft.refs.isEmpty
                ? nil
                : try ContentPart(
                    paths: draft.paths.isEmpty ? nil : draft.paths, refs: draft.refs.isEmpty ? nil : draft.refs)
            _ = try await store.grants.add(
                try await subject(draft, organisation, place.principal),
                role: try await store.roles.role(named: draft.role, at: place),
                effect: AccessGrant.Effect(rawValue: draft.effect) ?? .allow, expiresAt: expiry(form),
                sources: sources, part: part, at: place)
            return web.seeOther(address(organisation, "grants") + "?done=added")
        } catch let error as HubError where error.code == .notFound {
            return try await grantsPage(
                request, organisation, place, draft: draft, problems: ["name": t.organisationNobody(draft.name)])
        } catch let error as HubError where error.status < 500 {
            return try await grantsPage(
                request, organisation, place, draft: draft,
                problem: error.code == .forbidden ? t.organisationTooMuch : error.message)
        }
    }

    private func subject(
        _ draft: OrganisationGrantsPage.Draft, _ organisation: Organisation, _ principal: Principal
    ) async throws -> AccessGrant.Subject {
        switch draft.subject {
        case "everyone": return .everyone
        case "authenticated": return .authenticated
        case "team": return .team(try await store.teams.team(named: draft.name, of: organisation).id)
        case "members":
            let other = try await authorizer.openOrganisation(principal, .discover, draft.name)
            return .members(organisation: other.id, from: .reader)
        default:
            let account = try await web.gateway.hub.identities.account(named: draft.name)
            guard let account, account.kind != .deployKey else {
                throw HubError(.notFound, "There is no user called '\(draft.name)'.")
            }
            return .user(account.id)
        }
    }

    // MARK: Quota

    private func quota(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .discover) else { return try await web.askToSignIn(request) }
        let principal = try await request.principal()
        try await web.identity.requireQuota(principal, of: organisation.name)
        let account = try await store.quotas.account(named: organisation.name)
        let held = try await store.holdings(of: organisation.name, for: principal, offset: 0, limit: 20)
        let standings = try await web.gateway.quotas?.standings(for: principal, all: principal.isAdministrator) ?? []
        let own = standings.filter { $0.subject.name == organisation.name.lowercased() }
        return try await web.page(request) { context in
            OrganisationQuotaPage(
                frame: try await frame(organisation, request, context), account: QuotaLine(account),
                repositories: held.page.map {
                    ($0.repository.id.path, GovernedAddress.repository($0.repository.id), $0.bytes)
                }, mirrors: own.map(MirrorUse.init)
            ).page(context)
        }
    }

    // MARK: Settings

    private func settings(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .memberAdmin) else {
            return try await web.askToSignIn(request)
        }
        let kept = try await store.organisations.profiles(of: [organisation])[organisation.id] ?? OrganisationProfile()
        var profile = OrganisationSettingsPage.Profile()
        profile.fullName = organisation.fullName
        profile.description = kept.description
        profile.homepage = kept.homepage
        profile.isPrivateByDefault = kept.isPrivateByDefault
        return try await settingsPage(request, organisation, profile)
    }

    private func settingsPage(
        _ request: HubRequest, _ organisation: Organisation, _ profile: OrganisationSettingsPage.Profile,
        problem: ((L10n) -> String)? = nil, problems: ((L10n) -> [String: String])? = nil
    ) async throws -> HubResponse {
        try await web.page(request) { context in
            OrganisationSettingsPage(
                frame: try await frame(organisation, request, context, problem: problem?(context.t)),
                profile: profile, problems: problems?(context.t) ?? [:]
            ).page(context)
        }
    }

    private func changeSettings(_ request: HubRequest) async throws -> HubResponse {
        guard let organisation = try await open(request, .memberAdmin) else {
            return try await web.askToSignIn(request)
        }
        let form = try await web.form(request)
        if form.text("do") == "delete" { return try await dissolve(organisation, form, request) }
        var profile = OrganisationSettingsPage.Profile()
        profile.fullName = form.text("fullName").trimmingCharacters(in: .whitespaces)
        profile.description = form.text("description").replacing("\r\n", with: "\n")
        profile.homepage = form.text("homepage").trimmingCharacters(in: .whitespaces)
        profile.isPrivateByDefault = form.isTicked("private")
        let wish = profile
        let link = wish.homepage
        guard link.isEmpty || link.hasPrefix("http://") || link.hasPrefix("https://") else {
            return try await settingsPage(
                request, organisation, wish, problems: { ["homepage": $0.accountHomepageWrong] })
        }
        do {
            _ = try await store.organisations.change(organisation, fullName: wish.fullName) {
                $0.description = wish.description
                $0.homepage = wish.homepage
                $0.isPrivateByDefault = wish.isPrivateByDefault
            }
        } catch let error as HubError where error.code == .badRequest {
            let field = error.message.contains("description") ? "description" : "fullName"
            return try await settingsPage(
                request, organisation, wish,
                problems: { [field: wish.fullName.isEmpty ? $0.accountFieldEmpty : $0.accountTooLong] })
        }
        return web.seeOther(address(organisation, "settings") + "?done=saved")
    }

    private func dissolve(_ organisation: Organisation, _ form: WebForm, _ request: HubRequest) async throws
        -> HubResponse
    {
        func refuse(_ words: @escaping (L10n) -> String) async throws -> HubResponse {
            let kept =
                try await store.organisations.profiles(of: [organisation])[organisation.id] ?? OrganisationProfile()
            var profile = OrganisationSettingsPage.Profile()
            profile.fullName = organisation.fullName
            profile.description = kept.description
            profile.homepage = kept.homepage
            profile.isPrivateByDefault = kept.isPrivateByDefault
            return try await settingsPage(request, organisation, profile, problem: words)
        }
        guard form.text("typed") == organisation.name else { return try await refuse { $0.organisationNameDiffers } }
        do {
            try await store.organisations.delete(organisation)
        } catch let error as HubError where error.code == .conflict {
            return try await refuse { $0.organisationDeleteNote }
        }
        return web.seeOther("/console/organisations?done=removed")
    }
}

extension QuotaLine {
    init(_ account: QuotaAccount) {
        self.init(
            name: account.name, used: account.used, reserved: account.reserved, limit: account.byteLimit,
            repositories: account.repositories, repositoryLimit: account.repositoryLimit, isDefault: account.isDefault)
    }
}

extension MirrorUse {
    init(_ standing: QuotaStanding) {
        self.init(
            mirror: standing.mirror, subject: standing.subject.description, bytes: standing.bytesToday,
            byteLimit: standing.terms.bytesPerDay, requests: Int64(standing.requestsThisMinute),
            requestLimit: standing.terms.requestsPerMinute.map { Int64($0) }, stored: standing.storedBytes,
            storedLimit: standing.terms.storedBytes)
    }
}

/// Where pages of repositories stand.
enum GovernedAddress {
    static func repository(_ id: RepositoryID) -> String {
        "/\(id.kind.plural)/\(URLText.component(id.namespace))/\(URLText.component(id.name))"
    }
}
