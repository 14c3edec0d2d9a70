import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: policies, explanations, approvals, bundles.
struct GovernanceWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
