import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: licences, provenance, scans, storage, audit.
struct ComplianceWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] { [] }
}
