import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: upstreams, syncs and jobs.
struct SyncWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
