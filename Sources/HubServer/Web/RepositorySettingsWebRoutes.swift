import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: settings of a repository.
struct RepositorySettingsWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        RepositoryScene.kinds.flatMap { kind, word -> [Route] in
            let base = "/\(word)/{namespace}/{name}/settings"
            let errors = web.errors
            return [
                Route(.get, base, .repository(.settings), errors: errors) { try await page($0, kind) },
                Route(.post, base, .repository(.settings), errors: errors) { request in
                    try await change(request, kind, .settings, SettingsChanges(web: web).general)
                },
                Route(.post, base + "/requests", .repository(.gateApprove), errors: errors) { request in
                    try await change(request, kind, .gateApprove, SettingsChanges(web: web).request)
                },
                Route(.post, base + "/grants", .repository(.memberAdmin), errors: errors) { request in
                    try await change(request, kind, .memberAdmin, SettingsChanges(web: web).grant)
                },
                Route(.post, base + "/deploy-keys", .repository(.memberAdmin), errors: errors) { request in
                    try await change(request, kind, .memberAdmin, SettingsChanges(web: web).deployKey)
                },
                Route(.post, base + "/webhooks", .repository(.settings), errors: errors) { request in
                    try await change(request, kind, .settings, SettingsChanges(web: web).webhook)
                },
                Route(.post, base + "/danger", .repository(.delete), errors: errors) { request in
                    try await change(request, kind, .delete, SettingsChanges(web: web).danger)
                },
            ]
        }
    }

    private func page(_ request: HubRequest, _ kind: RepositoryKind) async throws -> HubResponse {
        let scene: RepositoryScene
        do {
            scene = try await RepositoryScene.open(request, kind, web, .settings)
        } catch let error as HubError where error.code == .forbidden {
            let seen = try await RepositoryScene.open(request, kind, web, .metaRead)
            guard case .mirror(let mirror) = seen.repository.origin else { throw error }
            return try await web.page(request) { context in
                MirrorSettingsPage(header: seen.header, mirror: mirror.mirror).page(context)
            }
        }
        let page = try await SettingsScene(web: web, scene: scene).page()
        return try await web.page(request) { page.page($0) }
    }

    /// Reads a form and does what it asks for; what is refused is shown beside it, with what was typed.
    private func change(
        _ request: HubRequest, _ kind: RepositoryKind, _ verb: Verb,
        _ body: @escaping @Sendable (WebForm, RepositoryScene, L10n) async throws -> SettingsChanges.Outcome
    ) async throws -> HubResponse {
        let scene = try await RepositoryScene.open(request, kind, web, verb)
        let form = try await web.form(request)
        let t = L10n(WebPreferences(request).language)
        do {
            let location = try await web.submissions.once(form, at: request.rawPath, now: web.gateway.hub.clock.now()) {
                switch try await body(form, scene, t) {
                case .saved(let section):
                    return "\(scene.header.address("settings"))?done=saved#\(section.rawValue)"
                case .elsewhere(let address): return address
                }
            }
            return web.seeOther(location)
        } catch let error as SettingsProblem where error.error.belongsToForm {
            // Who may delete need not be who may look at the settings.
            guard let shown = try? await RepositoryScene.open(request, kind, web, .settings) else {
                throw error.error
            }
            var page = try await SettingsScene(web: web, scene: shown).page()
            page.problem = (
                error.section, [error.error.message, error.error.remedy].compactMap(\.self).joined(separator: " ")
            )
            page.input = form.texts
            page.status = error.error.status
            return try await web.page(request) { [page] in page.page($0) }
        } catch let problem as SettingsProblem {
            throw problem.error
        }
    }
}

/// Why a form of the settings was not taken, and which.
struct SettingsProblem: Error {
    let section: RepositorySettingsPage.Section
    let error: HubError
}
