import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: the rows of a dataset.
struct ViewerWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
