import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: users, organisations, quotas, and how the hub stands.
struct AdministrationWebRoutes: Sendable {
    let web: WebContext
    /// Lines of a page.
    private static let pageSize = 100

    var routes: [Route] {
        let errors = web.errors
        return OrganisationWebRoutes(web: web).routes + [
            Route(.get, "/console/organisations", .authenticated, errors: errors, handler: organisations),
            Route(.post, "/console/organisations", .admin, errors: errors, handler: createOrganisation),
            Route(.get, "/console/users", .admin, errors: errors, handler: users),
            Route(.post, "/console/users", .admin, errors: errors, handler: createUser),
            Route(.get, "/console/users/{user}", .admin, errors: errors, handler: user),
            Route(.post, "/console/users/{user}", .admin, errors: errors, handler: changeUser),
            Route(.get, "/console/quotas", .hub(.quotaSet), errors: errors, handler: quotas),
            Route(.post, "/console/quotas", .hub(.quotaSet), errors: errors, handler: setQuota),
            Route(.get, "/console/system", .admin, errors: errors, handler: system),
        ]
    }

    private var hub: Hub { web.gateway.hub }
    private var identities: IdentityStore { web.gateway.hub.identities }

    /// Whether the caller has to sign in first.
    /// - Throws: `.forbidden` for everyone but administrators.
    private func isNobody(_ request: HubRequest) async throws -> Bool {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return true }
        guard principal.isAdministrator else { throw HubError(.forbidden, "This is for administrators.") }
        return false
    }

    // MARK: Organisations

    private func organisations(_ request: HubRequest) async throws -> HubResponse {
        guard try await !request.principal().isAnonymous else { return try await web.askToSignIn(request) }
        return try await organisationsPage(request)
    }

    private func organisationsPage(
        _ request: HubRequest, draft: (name: String, fullName: String, owner: String)? = nil,
        problems: (L10n) -> [String: String] = { _ in [:] }
    ) async throws -> HubResponse {
        let principal = try await request.principal()
        let search = String((request.query.first("q") ?? "").prefix(96))
        let offset = try request.query.integer("offset", in: 0...1_000_000) ?? 0
        let found = try await hub.store.organisations.find(
            search: search, for: principal, offset: offset, limit: Self.pageSize)
        return try await web.page(request) { context in
            ConsoleOrganisationsPage(
                organisations: found.organisations.map {
                    .init(name: $0.name, fullName: $0.fullName, createdAt: $0.createdAt)
                }, total: found.total, offset: offset, size: Self.pageSize, search: search,
                canCreate: principal.isAdministrator, draft: draft ?? ("", "", principal.label),
                notice: web.notice(request, context), problems: problems(context.t)
            ).page(context)
        }
    }

    private func createOrganisation(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request) { return try await web.askToSignIn(request) }
        let form = try await web.form(request)
        let draft = (
            name: form.text("name").trimmingCharacters(in: .whitespaces),
            fullName: form.text("fullName").trimmingCharacters(in: .whitespaces),
            owner: form.text("owner").trimmingCharacters(in: .whitespaces)
        )
        guard let owner = try await identities.user(named: draft.owner) else {
            return try await organisationsPage(request, draft: draft) { ["owner": $0.organisationNobody(draft.owner)] }
        }
        do {
            let organisation = try await hub.store.organisations.create(
                draft.name, fullName: draft.fullName.isEmpty ? nil : draft.fullName, owner: owner,
                by: request.principal())
            return web.seeOther("/\(URLText.component(organisation.name))/-/members?done=created")
        } catch let error as HubError where error.code == .badRequest || error.code == .conflict {
            let field = error.message.contains("full name") ? "fullName" : "name"
            return try await organisationsPage(request, draft: draft) {
                [field: field == "name" ? $0.adminNameTaken : $0.accountTooLong]
            }
        }
    }

    // MARK: Users

    private func users(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request) { return try await web.askToSignIn(request) }
        return try await usersPage(request)
    }

    private func usersPage(
        _ request: HubRequest, draft: (name: String, isAdministrator: Bool) = ("", false),
        problems: (L10n) -> [String: String] = { _ in [:] }
    ) async throws -> HubResponse {
        let search = String((request.query.first("q") ?? "").prefix(96))
        let found = try await identities.users(
            search: search, after: request.query.first("after"), before: request.query.first("before"),
            limit: Self.pageSize)
        return try await web.page(request) { context in
            ConsoleUsersPage(
                users: found.users.map(UserLine.init), total: found.total, search: search,
                previous: found.hasPrevious ? found.users.first?.user.name : nil,
                next: found.hasNext ? found.users.last?.user.name : nil, draft: draft,
                notice: web.notice(request, context), problems: problems(context.t)
            ).page(context)
        }
    }

    private func createUser(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request) { return try await web.askToSignIn(request) }
        let form = try await web.form(request)
        let principal = try await request.principal()
        let draft = (
            name: form.text("name").trimmingCharacters(in: .whitespaces),
            isAdministrator: form.isTicked("administrator")
        )
        let user: User
        do {
            user = try await identities.createUser(
                draft.name, isAdministrator: draft.isAdministrator, by: principal)
        } catch let error as HubError where error.code == .badRequest || error.code == .conflict {
            return try await usersPage(request, draft: draft) { ["name": $0.adminNameTaken] }
        }
        let address = "/console/users/\(URLText.component(user.name))"
        guard let password = form.first("password") else { return web.seeOther(address + "?done=created") }
        do {
            try await hub.signIn.passwords.set(Secret(password), of: user.name, by: principal)
            return web.seeOther(address + "?done=created")
        } catch let error as HubError where error.code == .badRequest {
            // The account is there: its own page says what is missing.
            return web.seeOther(address + "?done=created&problem=password")
        }
    }

    private func user(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request) { return try await web.askToSignIn(request) }
        let isWeak = request.query.first("problem") == "password"
        return try await userPage(request, passwordProblem: isWeak ? { $0.accountPasswordWeak } : nil)
    }

    private func record(_ request: HubRequest) async throws -> UserRecord {
        let name = try request.parameter("user")
        guard let record = try await identities.userRecord(named: name), record.user.kind == .person else {
            throw HubError(.notFound, "There is no user called '\(name)'.")
        }
        return record
    }

    private func userPage(
        _ request: HubRequest, problem: ((L10n) -> String)? = nil, passwordProblem: ((L10n) -> String)? = nil
    ) async throws -> HubResponse {
        let record = try await record(request)
        let user = record.user
        let memberships = try await hub.store.organisations.memberships(of: user, seenBy: request.principal())
        let tokens = try await identities.tokens(of: user)
        let sessions = try await identities.sessions.list(of: user)
        let keys = try await hub.sshKeys.list(of: user).count
        return try await web.page(request) { context in
            ConsoleUserPage(
                user: UserLine(record),
                memberships: memberships.map { .init(organisation: $0.organisation.name, role: $0.role.name) },
                tokens: tokens.map(TokenLine.init), sessions: sessions.map { .init($0, current: nil) }, keys: keys,
                notice: web.notice(request, context), problem: problem?(context.t),
                passwordProblem: passwordProblem?(context.t)
            ).page(context)
        }
    }

    private func changeUser(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request) { return try await web.askToSignIn(request) }
        let form = try await web.form(request)
        let principal = try await request.principal()
        let user = try await record(request).user
        var word = "saved"
        do {
            switch form.text("do") {
            case "disable", "enable":
                word = form.text("do") == "disable" ? "disabled" : "enabled"
                try await identities.setDisabled(word == "disabled", user: user.name, by: principal)
            case "promote", "demote":
                word = form.text("do") == "promote" ? "promoted" : "demoted"
                try await identities.setAdministrator(word == "promoted", user: user.name, by: principal)
            case "password":
                word = "reset"
                try await hub.signIn.passwords.set(Secret(form.text("password")), of: user.name, by: principal)
            case "end-sessions":
                word = "ended"
                try await identities.sessions.endAll(of: user, by: principal)
            case "revoke-tokens":
                word = "revoked"
                for token in try await identities.tokens(of: user) {
                    try await identities.revokeToken(token.grant.id, of: user, by: principal)
                }
            case "revoke":
                word = "revoked"
                guard let id = Int64(form.text("token"), radix: 16) else {
                    throw HubError(.notFound, "'\(user.name)' has no such token.")
                }
                try await identities.revokeToken(id, of: user, by: principal)
            default: throw HubError(.badRequest, "The form does not say what to do.")
            }
        } catch let error as HubError where error.code == .conflict {
            return try await userPage(request, problem: { $0.adminLastAdministrator })
        } catch let error as HubError where error.code == .badRequest && word == "reset" {
            return try await userPage(request, passwordProblem: { $0.accountPasswordWeak })
        }
        return web.seeOther("/console/users/\(URLText.component(user.name))?done=\(word)")
    }

    // MARK: Quotas

    private func quotas(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        try await web.gateway.authorizer.requireOfHub(principal, .quotaSet)
        var draft = (account: "", bytes: "", repositories: "")
        if let name = request.query.first("account") {
            let account = try await hub.store.quotas.account(named: name)
            draft.account = account.name
            if !account.isDefault {
                draft.bytes = account.byteLimit.map { String($0) } ?? ""
                draft.repositories = account.repositoryLimit.map { String($0) } ?? ""
            }
        }
        return try await quotasPage(request, draft: draft)
    }

    private func quotasPage(
        _ request: HubRequest, draft: (account: String, bytes: String, repositories: String),
        problems: (L10n) -> [String: String] = { _ in [:] }
    ) async throws -> HubResponse {
        let offset = try request.query.integer("after", in: 0...10_000_000) ?? 0
        let found = try await hub.store.quotas.largest(offset: offset, limit: Self.pageSize + 1)
        let page = found.prefix(Self.pageSize)
        let principal = try await request.principal()
        let standings = try await web.gateway.quotas?.standings(for: principal, all: principal.isAdministrator) ?? []
        return try await web.page(request) { context in
            ConsoleQuotasPage(
                accounts: page.map(QuotaLine.init),
                next: found.count > Self.pageSize ? String(offset + Self.pageSize) : nil, isFirst: offset == 0,
                mirrors: standings.map(MirrorUse.init), draft: draft, notice: web.notice(request, context),
                problems: problems(context.t)
            ).page(context)
        }
    }

    private func setQuota(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        try await web.gateway.authorizer.requireOfHub(principal, .quotaSet)
        let form = try await web.form(request)
        let draft = (
            account: form.text("account").trimmingCharacters(in: .whitespaces),
            bytes: form.text("bytes").trimmingCharacters(in: .whitespaces),
            repositories: form.text("repositories").trimmingCharacters(in: .whitespaces)
        )
        guard let bytes = Self.limit(draft.bytes, { ByteCount(parsing: $0)?.bytes }) else {
            return try await quotasPage(request, draft: draft) { ["bytes": $0.adminLimitWrong] }
        }
        guard let repositories = Self.limit(draft.repositories, { Int64($0) }) else {
            return try await quotasPage(request, draft: draft) { ["repositories": $0.adminLimitWrong] }
        }
        do {
            try await hub.store.quotas.set(
                QuotaLimits(bytes: bytes, repositories: repositories), of: draft.account, by: principal)
        } catch let error as HubError where error.code == .badRequest {
            return try await quotasPage(request, draft: draft) { ["account": $0.adminAccountWrong] }
        }
        return web.seeOther("/console/quotas?done=saved")
    }

    /// Nil for what is no limit.
    private static func limit(_ text: String, _ read: (String) -> Int64?) -> QuotaLimits.Limit? {
        switch text.lowercased() {
        case "": .inherited
        case "unlimited": .unlimited
        default: read(text).flatMap { $0 >= 0 ? .of($0) : nil }
        }
    }

    // MARK: System

    private func system(_ request: HubRequest) async throws -> HubResponse {
        if try await isNobody(request) { return try await web.askToSignIn(request) }
        var facts = ConsoleSystemPage.Facts()
        facts.version = web.version
        ProcessMetrics.record(in: web.gateway.metrics)
        facts.startedAt = web.gateway.metrics.value("process_start_time_seconds").map { Int64($0 * 1_000) }
        facts.directory = hub.directory.path
        let files = FileManager.default
        let disk = try? files.attributesOfFileSystem(forPath: hub.directory.path)
        facts.diskFree = (disk?[.systemFreeSize] as? NSNumber)?.int64Value
        facts.diskTotal = (disk?[.systemSize] as? NSNumber)?.int64Value
        facts.database = "SQLite"
        let file = try? files.attributesOfItem(atPath: hub.directory.database)
        facts.databaseBytes = (file?[.size] as? NSNumber)?.int64Value
        facts.isOffline = web.gateway.isOffline
        facts.checks = await ReadinessCheck.run(Surfaces.readiness(of: web.gateway))
        let counts = try await hub.jobs.counts()
        facts.jobs = JobState.allCases.map { ($0.rawValue, Int64(counts[$0] ?? 0)) }
        facts.lastScrub = try await web.gateway.integrity.scrubs.lastEnd()
        facts.lastCollection = try await Reclaimer(hub: hub, settings: ReclaimSettings()).lastRun()?.at
        let found = facts
        return try await web.page(request) { context in ConsoleSystemPage(found).page(context) }
    }
}

extension UserLine {
    init(_ record: UserRecord) {
        self.init(
            name: record.user.name, isAdministrator: record.user.isAdministrator, isDisabled: record.isDisabled,
            createdAt: record.user.createdAt)
    }
}
