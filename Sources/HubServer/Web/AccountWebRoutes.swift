import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: signing in, and what is somebody's own.
struct AccountWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        [
            Route(.get, "/login", .open, errors: web.errors, handler: signInPage),
            Route(.post, "/login", .open, errors: web.errors, handler: signIn),
            Route(.post, "/logout", .open, errors: web.errors, handler: signOut),
        ]
    }

    private func signInPage(_ request: HubRequest) async throws -> HubResponse {
        try await web.page(request) { context in
            SignInPage(next: request.query.first("next")).page(context)
        }
    }

    private func signIn(_ request: HubRequest) async throws -> HubResponse {
        let form = try await web.form(request)
        do {
            let (_, secret, _) = try await web.gateway.hub.signIn.begin(
                form.text("user"), Secret(form.text("password")), from: SessionRoutes.origin(of: request))
            return web.seeOther(form.first("next") ?? "/").with(
                "Set-Cookie", SessionCookie.set(secret, for: request))
        } catch let error as HubError where error.code == .invalidCredentials || error.code == .tooManyRequests {
            var page = try await web.page(request) { context in
                SignInPage(
                    next: form.first("next"), name: form.text("user"),
                    problem: error.code == .tooManyRequests ? context.t.signInTooOften : context.t.signInWrong
                ).page(context)
            }
            page.status = error.status
            page.headers["Retry-After"] = error.retryAfter.map(String.init)
            return page
        }
    }

    private func signOut(_ request: HubRequest) async throws -> HubResponse {
        _ = try await web.form(request)
        let principal = try await request.principal()
        if let user = principal.user, let session = principal.session {
            try await web.gateway.hub.identities.sessions.end(session, of: user, by: principal)
        }
        return web.seeOther("/").with("Set-Cookie", SessionCookie.clear(for: request))
    }
}
