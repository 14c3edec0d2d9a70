import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: users, organisations and quotas.
struct AdministrationWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
