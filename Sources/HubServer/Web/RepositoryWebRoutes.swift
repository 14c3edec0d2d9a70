import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: what a repository is: its card, files, history, lineage.
struct RepositoryWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
