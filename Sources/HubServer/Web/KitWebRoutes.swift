import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: every component in every state.
struct KitWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        [Route(.get, "/ui/kit", .open, errors: web.errors, handler: kit)]
    }

    private func kit(_ request: HubRequest) async throws -> HubResponse {
        try await web.page(request) { context in KitPage().page(context) }
    }
}
