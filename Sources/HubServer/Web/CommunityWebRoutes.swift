import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: discussions and pull requests.
struct CommunityWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
