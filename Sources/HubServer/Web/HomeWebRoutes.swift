import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: the start page, and the pages of people and organisations.
struct HomeWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
