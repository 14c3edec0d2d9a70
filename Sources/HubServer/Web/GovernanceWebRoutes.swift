import HTTPTypes
import HubCore
import MirrorGateway
import WebPages

/// Pages: the console's overview, policies, explanations, approvals, bundles, recommendations.
struct GovernanceWebRoutes: Sendable {
    let web: WebContext

    var routes: [Route] {
        OverviewWebRoutes(web: web).routes + PolicyWebRoutes(web: web).routes + ApprovalWebRoutes(web: web).routes
            + BundleWebRoutes(web: web).routes + RecommendationWebRoutes(web: web).routes
    }
}
