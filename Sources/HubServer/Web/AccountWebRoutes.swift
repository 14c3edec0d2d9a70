import Foundation
import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: signing in, and what is somebody's own.
struct AccountWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        let errors = web.errors
        return [
            Route(.get, "/login", .open, errors: errors, handler: signInPage),
            Route(.post, "/login", .open, errors: errors, handler: signIn),
            Route(.post, "/logout", .open, errors: errors, handler: signOut),
            Route(.get, "/settings", .authenticated, errors: errors, handler: profile),
            Route(.post, "/settings", .authenticated, errors: errors, handler: changeProfile),
            Route(.get, "/settings/password", .authenticated, errors: errors, handler: password),
            Route(.post, "/settings/password", .authenticated, errors: errors, handler: changePassword),
            Route(.get, "/settings/tokens", .authenticated, errors: errors, handler: tokens),
            // Whoever's session ended while he wrote is asked to sign in by the handler, which keeps what he wrote.
            Route(.post, "/settings/tokens", .open, errors: errors, handler: changeTokens),
            Route(.get, "/settings/keys", .authenticated, errors: errors, handler: keys),
            Route(.post, "/settings/keys", .authenticated, errors: errors, handler: changeKeys),
            Route(.get, "/settings/sessions", .authenticated, errors: errors, handler: sessions),
            Route(.post, "/settings/sessions", .authenticated, errors: errors, handler: endSessions),
            Route(.get, "/settings/preferences", .open, errors: errors, handler: preferences),
            Route(.post, "/settings/preferences", .open, errors: errors, handler: changePreferences),
        ]
    }

    private var identities: IdentityStore { web.gateway.hub.identities }

    // MARK: Signing in

    private func signInPage(_ request: HubRequest) async throws -> HubResponse {
        let next = request.query.first("next")
        if try await !request.principal().isAnonymous { return web.seeOther(next ?? "/") }
        return try await web.page(request) { context in
            SignInPage(next: next, isResuming: next != nil && next != "/").page(context)
        }
    }

    private func signIn(_ request: HubRequest) async throws -> HubResponse {
        let form: WebForm
        do {
            form = try await web.form(request)
        } catch let error as HubError where error.code == .forbidden && SameOrigin.isAsked(request) {
            // Whoever signed in or out in another window meanwhile has an old page here.
            return try await refuse(request, next: nil, name: "", status: 403) { $0.signInTooOld }
        }
        do {
            let (_, secret, _) = try await web.gateway.hub.signIn.begin(
                form.text("user"), Secret(form.text("password")), from: SessionRoutes.origin(of: request))
            return web.seeOther(form.first("next") ?? "/").with(
                "Set-Cookie", SessionCookie.set(secret, for: request))
        } catch let error as HubError where error.code == .invalidCredentials || error.code == .tooManyRequests {
            var answer = try await refuse(
                request, next: form.first("next"), name: form.text("user"), status: error.status
            ) { error.code == .tooManyRequests ? $0.signInTooOften : $0.signInWrong }
            answer.headers["Retry-After"] = error.retryAfter.map(String.init)
            return answer
        }
    }

    private func refuse(
        _ request: HubRequest, next: String?, name: String, status: Int, _ problem: (L10n) -> String
    ) async throws -> HubResponse {
        var answer = try await web.page(request) { context in
            SignInPage(next: next, name: name, problem: problem(context.t)).page(context)
        }
        answer.status = status
        return answer
    }

    private func signOut(_ request: HubRequest) async throws -> HubResponse {
        _ = try await web.form(request)
        let principal = try await request.principal()
        if let user = principal.user, let session = principal.session {
            try await web.gateway.hub.identities.sessions.end(session, of: user, by: principal)
        }
        return web.seeOther("/").with("Set-Cookie", SessionCookie.clear(for: request))
    }

    // MARK: Profile

    private func profile(_ request: HubRequest) async throws -> HubResponse {
        guard try await !request.principal().isAnonymous else { return try await web.askToSignIn(request) }
        return try await profilePage(request)
    }

    private func profilePage(
        _ request: HubRequest, _ written: AccountProfilePage.Profile? = nil,
        problems: @escaping (L10n) -> [String: String] = { _ in [:] }
    ) async throws -> HubResponse {
        let principal = try await request.principal()
        let user = try principal.person()
        let kept = try await identities.profile(of: user)
        var profile = AccountProfilePage.Profile()
        profile.fullName = kept.nickname
        profile.email = kept.email
        profile.homepage = kept.homepage
        profile.bio = kept.bio
        let memberships = try await web.gateway.hub.store.organisations.memberships(of: user, seenBy: principal)
        let shown = written ?? profile
        return try await web.page(request) { context in
            AccountProfilePage(
                name: user.name, isAdministrator: user.isAdministrator, createdAt: user.createdAt, profile: shown,
                memberships: memberships.map { .init(organisation: $0.organisation.name, role: $0.role.name) },
                notice: web.notice(request, context), problems: problems(context.t)
            ).page(context)
        }
    }

    private func changeProfile(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        let user = try principal.wholePerson()
        let form = try await web.form(request)
        var written = AccountProfilePage.Profile()
        written.fullName = form.text("fullName").trimmingCharacters(in: .whitespacesAndNewlines)
        written.email = form.text("email").trimmingCharacters(in: .whitespacesAndNewlines)
        written.homepage = form.text("homepage").trimmingCharacters(in: .whitespacesAndNewlines)
        written.bio = form.text("bio").replacing("\r\n", with: "\n")
        let wish = written
        let link = wish.homepage
        guard link.isEmpty || link.hasPrefix("http://") || link.hasPrefix("https://") else {
            return try await profilePage(request, wish) { ["homepage": $0.accountHomepageWrong] }
        }
        do {
            try await identities.changeProfile(of: user, by: principal) { profile in
                profile.nickname = wish.fullName
                profile.email = wish.email
                profile.homepage = wish.homepage
                profile.bio = wish.bio
            }
        } catch let error as HubError where error.code == .badRequest {
            let field =
                ["nickname": "fullName", "email": "email", "homepage": "homepage"].first {
                    error.message.contains("'\($0.key)'")
                }?.value ?? "bio"
            return try await profilePage(request, wish) { [field: $0.accountTooLong] }
        }
        return web.seeOther("/settings?done=saved")
    }

    // MARK: Password

    private func password(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        let user = try principal.wholePerson()
        return try await web.page(request) { context in
            AccountPasswordPage(userName: user.name, notice: web.notice(request, context)).page(context)
        }
    }

    private func changePassword(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        let user = try principal.wholePerson()
        let form = try await web.form(request)
        func refuse(_ field: String, status: Int = 400, _ text: (L10n) -> String) async throws -> HubResponse {
            try await web.page(request) { context in
                AccountPasswordPage(userName: user.name, problems: [field: text(context.t)], status: status)
                    .page(context)
            }
        }
        for field in ["current", "new", "again"] where form.first(field) == nil {
            return try await refuse(field) { $0.accountFieldEmpty }
        }
        guard form.text("new") == form.text("again") else {
            return try await refuse("again") { $0.accountPasswordDiffers }
        }
        do {
            let (secret, _) = try await web.gateway.hub.signIn.change(
                Secret(form.text("current")), to: Secret(form.text("new")), by: principal,
                from: SessionRoutes.origin(of: request))
            let answer = web.seeOther("/settings/password?done=password")
            return principal.session == nil
                ? answer : answer.with("Set-Cookie", SessionCookie.set(secret, for: request))
        } catch let error as HubError where error.code == .invalidCredentials {
            return try await refuse("current", status: 403) { $0.accountPasswordWrong }
        } catch let error as HubError where error.code == .tooManyRequests {
            var answer = try await refuse("current", status: 429) { $0.signInTooOften }
            answer.headers["Retry-After"] = error.retryAfter.map(String.init)
            return answer
        } catch let error as HubError where error.code == .badRequest {
            return try await refuse("new") { $0.accountPasswordWeak }
        }
    }

    // MARK: Tokens

    private func tokens(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        _ = try principal.wholePerson()
        // What was being written when a session ended is in the address.
        var draft = TokenDraft()
        draft.name = String((request.query.first("name") ?? "").prefix(96))
        draft.scope = request.query.first("scope") ?? draft.scope
        draft.days = request.query.first("days").flatMap(Int.init) ?? draft.days
        draft.resources = String((request.query.first("resources") ?? "").prefix(4_000))
        return try await tokensPage(request, draft)
    }

    private func tokensPage(
        _ request: HubRequest, _ draft: TokenDraft = TokenDraft(), shown: TokenReveal.Shown? = nil,
        problem: String? = nil, problems: [String: String] = [:]
    ) async throws -> HubResponse {
        let user = try await request.principal().wholePerson()
        let records = try await identities.tokens(of: user)
        let scopes = TokenGrant.Scope.allCases.filter { $0 < .admin || user.isAdministrator }
        var answer = try await web.page(request) { context in
            AccountTokensPage(
                tokens: records.map(TokenLine.init), scopes: scopes.map(\.rawValue), draft: draft, shown: shown,
                notice: web.notice(request, context), problem: problem, problems: problems
            ).page(context)
        }
        if shown != nil { answer.headers[.cacheControl] = "no-store" }
        return answer
    }

    private func changeTokens(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await resume(request) }
        let user = try principal.wholePerson()
        let form = try await web.form(request)
        guard form.text("do") == "create" else {
            guard let id = Int64(form.text("token"), radix: 16) else {
                throw HubError(.notFound, "'\(user.name)' has no such token.")
            }
            try await identities.revokeToken(id, of: user, by: principal)
            return web.seeOther("/settings/tokens?done=revoked")
        }
        let wish = TokenWishForm(form, now: web.gateway.hub.clock.now(), try await web.context(request).t)
        guard let wanted = wish.wish else {
            return try await tokensPage(request, wish.draft, problems: wish.problems)
        }
        do {
            let (token, record) = try await identities.mintToken(
                by: principal, name: wanted.name, scope: wanted.scope, expiresAt: wanted.expiresAt,
                resources: wanted.resources)
            return try await tokensPage(
                request, shown: .init(name: record.grant.name, text: token.reveal(), user: user.name))
        } catch let error as HubError where error.status < 500 {
            return try await tokensPage(request, wish.draft, problem: error.message)
        }
    }

    /// For whoever's session ended while he wrote: the way back brings what he had written.
    private func resume(_ request: HubRequest) async throws -> HubResponse {
        var address = "/settings/tokens"
        if let form = try? await web.form(request), form.text("do") == "create" {
            let pairs = ["name", "scope", "days", "resources"].compactMap { name in
                form.first(name).map { QueryParameters.Pair(name, String($0.prefix(4_000))) }
            }
            let query = QueryParameters(pairs)
            if !pairs.isEmpty { address += "?\(query.encoded)" }
        }
        return try await web.askToSignIn(request, returningTo: address)
    }

    // MARK: Keys

    private func keys(_ request: HubRequest) async throws -> HubResponse {
        guard try await !request.principal().isAnonymous else { return try await web.askToSignIn(request) }
        return try await keysPage(request)
    }

    private func keysPage(
        _ request: HubRequest, key: String = "", name: String = "",
        _ problems: (L10n) -> [String: String] = { _ in [:] }
    ) async throws -> HubResponse {
        let found = try await web.gateway.hub.sshKeys.list(of: try await request.principal().person())
        return try await web.page(request) { context in
            AccountKeysPage(
                keys: found.map {
                    .init(
                        id: String($0.id, radix: 16), name: $0.name, fingerprint: $0.fingerprint,
                        createdAt: $0.createdAt)
                }, draftKey: key, draftName: name, notice: web.notice(request, context),
                problems: problems(context.t)
            ).page(context)
        }
    }

    private func changeKeys(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        let user = try principal.wholePerson()
        let form = try await web.form(request)
        let keys = web.gateway.hub.sshKeys
        guard form.text("do") == "add" else {
            guard let id = Int64(form.text("key"), radix: 16) else {
                throw HubError(.notFound, "'\(user.name)' has no such key.")
            }
            try await keys.remove(id, of: user, by: principal)
            return web.seeOther("/settings/keys?done=removed")
        }
        let (text, name) = (
            form.text("key").trimmingCharacters(in: .whitespacesAndNewlines),
            form.text("name").trimmingCharacters(in: .whitespacesAndNewlines)
        )
        guard let key = try? SSHPublicKey(parsing: text) else {
            return try await keysPage(request, key: text, name: name) { ["key": $0.accountKeyWrong] }
        }
        do {
            try await keys.add(key, to: user, name: name.isEmpty ? key.comment : name, by: principal)
        } catch let error as HubError where error.code == .conflict {
            return try await keysPage(request, key: text, name: name) { ["key": $0.accountKeyTaken] }
        } catch let error as HubError where error.code == .badRequest {
            return try await keysPage(request, key: text, name: name) { ["name": $0.accountKeyNameWrong] }
        }
        return web.seeOther("/settings/keys?done=added")
    }

    // MARK: Sessions

    private func sessions(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        let found = try await identities.sessions.list(of: try principal.wholePerson())
        return try await web.page(request) { context in
            AccountSessionsPage(
                sessions: found.map { .init($0, current: principal.session) }, notice: web.notice(request, context)
            ).page(context)
        }
    }

    private func endSessions(_ request: HubRequest) async throws -> HubResponse {
        let principal = try await request.principal()
        guard !principal.isAnonymous else { return try await web.askToSignIn(request) }
        let user = try principal.wholePerson()
        let form = try await web.form(request)
        if form.text("do") == "end-all" {
            try await identities.sessions.endAll(of: user, by: principal)
            return web.seeOther("/login").with("Set-Cookie", SessionCookie.clear(for: request))
        }
        guard let id = Int64(form.text("session"), radix: 16) else {
            throw HubError(.notFound, "There is no such session.")
        }
        try await identities.sessions.end(id, of: user, by: principal)
        guard id == principal.session else { return web.seeOther("/settings/sessions?done=ended") }
        return web.seeOther("/login").with("Set-Cookie", SessionCookie.clear(for: request))
    }

    // MARK: Preferences

    private func preferences(_ request: HubRequest) async throws -> HubResponse {
        try await web.page(request) { context in
            AccountPreferencesPage(
                notice: web.notice(request, context)
            ).page(context)
        }
    }

    /// Changes cookies of this browser alone, for whoever uses it.
    private func changePreferences(_ request: HubRequest) async throws -> HubResponse {
        let form = try await web.form(request)
        var response = web.seeOther("/settings/preferences?done=saved")
        let cookies = WebPreferences.cookies(
            language: Language(rawValue: form.text("language")),
            theme: PageContext.Theme(rawValue: form.text("theme")))
        for cookie in cookies { response.headers.append(cookie) }
        return response
    }
}

extension AccountSessionsPage.Session {
    init(_ session: Session, current: Int64?) {
        self.init(
            id: String(session.id, radix: 16), client: session.client, address: session.address,
            createdAt: session.createdAt, lastSeenAt: session.lastSeenAt, expiresAt: session.expiresAt,
            isCurrent: session.id == current)
    }
}
