import HubCore
package import MirrorGateway

/// The website: pages for people, made on the server, in Chinese and English.
package struct WebSurface: Sendable {
    let web: WebContext
    let viewer: DatasetViewer

    /// - Throws: when the key of forms can be neither read nor made.
    package init(
        gateway: Gateway, assets: AssetShelf, version: String, viewer: DatasetViewer,
        randomness: WebRandomness = .system
    ) throws {
        self.viewer = viewer
        web = try WebContext(gateway: gateway, assets: assets, version: version, randomness: randomness)
    }

    package var routes: [Route] {
        let pages =
            HomeWebRoutes(web: web).routes + CatalogueWebRoutes(web: web).routes
            + RepositoryWebRoutes(web: web).routes + WritingWebRoutes(web: web).routes
            + CommunityWebRoutes(web: web).routes + RepositorySettingsWebRoutes(web: web).routes
            + ViewerWebRoutes(web: web, viewer: viewer).routes
        let console =
            SyncWebRoutes(web: web).routes + GovernanceWebRoutes(web: web).routes
            + ComplianceWebRoutes(web: web).routes + AdministrationWebRoutes(web: web).routes
            + AccountWebRoutes(web: web).routes + NotificationWebRoutes(web: web).routes + KitWebRoutes(web: web).routes
        let assets = AssetRoutes(shelf: web.assets, blobs: web.gateway.hub.blobs)
        return (pages + console).map(\.takingSessions) + assets.routes
    }
}
