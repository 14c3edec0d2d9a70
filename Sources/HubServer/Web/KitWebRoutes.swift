import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: every component in every state.
struct KitWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
