package import HubCore

/// CSGHub's REST at `/api/v1`: what `csghub-sdk` asks, and what another gateway needs of its
/// upstream (wire/csghub.md §2, §4.3).
///
/// Public is public here: unlike the real service, reading a public dataset needs no account.
package struct CSGHubSurface: Sendable {
    private let context: CSGHubContext

    /// - Parameters:
    ///   - entries: what applications in spaces are told.
    ///   - signer: makes the links that `download?lfs=true` hands out.
    ///   - version: of this program.
    package init(
        authorizer: Authorizer, repositories: RepositoryService, store: RepositoryStore, identities: IdentityStore,
        entries: SpaceEntries, signer: LFSLinkSigner, upstreams: UpstreamCatalogue, mirroring: CSGHubMirroring,
        version: String, clock: WallClock = .system
    ) {
        context = CSGHubContext(
            access: RepositoryAccess(
                authorizer: authorizer, repositories: repositories, store: store, clock: clock,
                errors: CSGHubErrorRendering()),
            identities: identities, entries: entries, signer: signer, upstreams: upstreams,
            mirroring: mirroring, version: version)
    }

    package var routes: [Route] {
        let families: [any CSGHubRouteFamily] = [
            CSGHubListRoute(context: context), CSGHubRepositoryRoute(context: context),
            CSGHubRefsRoutes(context: context), CSGHubCommitRoutes(context: context),
            CSGHubTreeRoutes(context: context), CSGHubFileRoutes(context: context),
            CSGHubRelationsRoute(context: context), CSGHubFeedRoute(context: context),
            CSGHubAccountRoutes(context: context), CSGHubRepositoryWriteRoutes(context: context),
            CSGHubRawWriteRoutes(context: context), CSGHubUploadFileRoute(context: context),
            CSGHubCommitFilesRoutes(context: context), CSGHubDiscussionRoutes(context: context),
            CSGHubUserRoutes(context: context), CSGHubTagRoutes(context: context),
            CSGHubTokenRoutes(context: context), CSGHubSSHKeyRoutes(context: context),
            CSGHubOrganisationRoutes(context: context), CSGHubMemberRoutes(context: context),
            CSGHubCollectionRoutes(context: context), CSGHubRelationWriteRoutes(context: context),
            CSGHubAbsentRoutes(context: context), CSGHubMirrorRoutes(context: context),
            CSGHubSelectionRoutes(context: context), CSGHubMirrorAdministrationRoutes(context: context),
            CSGHubMirrorSourceRoutes(context: context), CSGHubSyncSettingRoutes(context: context),
        ]
        return families.flatMap(\.routes)
    }
}

/// The routes of one group of messages.
protocol CSGHubRouteFamily: Sendable {
    var context: CSGHubContext { get }
    var routes: [Route] { get }
}
