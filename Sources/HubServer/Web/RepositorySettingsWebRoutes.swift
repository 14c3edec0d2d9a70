import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: settings of a repository.
struct RepositorySettingsWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
