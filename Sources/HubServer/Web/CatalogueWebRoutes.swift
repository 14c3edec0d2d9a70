import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: lists of repositories, search and comparing.
struct CatalogueWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
