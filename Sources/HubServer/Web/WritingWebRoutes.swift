import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: changing a repository in the browser.
struct WritingWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
