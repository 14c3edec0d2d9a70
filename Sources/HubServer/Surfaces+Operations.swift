/// What is said about the routes of the interfaces that the OpenAPI document describes. A test compares it with the
/// routes: one without an operation fails, and so does an operation without a route.
extension Surfaces {
    static let operations: [APIOperationGroup] = gatewayGroups + identityGroups + csghubGroups

    private static let gatewayGroups = [
        GatewaySurface.operations,
        OpenAPIRoute.operations,
        CatalogueSurface.operations,
        RetentionRoutes.operations,
        JobSurface.operations,
        SyncSurface.operations,
        LicenseRoutes.operations,
        RecommendationRoutes.operations,
        ScanRoutes.operations,
        ProvenanceRoutes.operations,
        TransparencyRoutes.operations,
        BundleRoutes.operations,
        ScrubRoutes.operations,
        ApprovalRoutes.operations, TombstoneRoutes.operations, BlastRadiusRoutes.operations,
    ]

    private static let identityGroups = [
        SessionRoutes.operations, PasswordRoutes.operations, TokenRoutes.operations, SSHKeyRoutes.operations,
        UserRoutes.operations, QuotaRoutes.operations, OrganisationRoutes.operations, MembershipRoutes.operations,
        TeamRoutes.operations, RobotRoutes.operations, RoleRoutes.organisationOperations, RoleRoutes.operations,
        GrantRoutes.operations, GrantRoutes.organisationOperations, GrantRoutes.hubOperations, GateRoutes.operations,
        DeployKeyRoutes.operations, AuditRoutes.operations, BranchProtectionRoutes.operations,
        AccessExplanationRoute.operations,
    ]

    private static let csghubGroups = [
        CSGHubListRoute.operations, CSGHubRepositoryRoute.operations, CSGHubRepositoryWriteRoutes.operations,
        CSGHubRefsRoutes.operations, CSGHubCommitRoutes.operations, CSGHubCommitRoutes.serverOperations,
        CSGHubTreeRoutes.operations, CSGHubViewerRoutes.operations,
        CSGHubFileRoutes.operations, CSGHubRawWriteRoutes.operations, CSGHubUploadFileRoute.operations,
        CSGHubCommitFilesRoutes.operations, CSGHubRelationsRoute.operations, CSGHubTagRoutes.repositoryOperations,
        CSGHubTagRoutes.operations, CSGHubDiscussionRoutes.repositoryOperations, CSGHubDiscussionRoutes.operations,
        CSGHubUserRoutes.operations, CSGHubAccountRoutes.operations, CSGHubFeedRoute.operations,
        CSGHubRepositoryRoute.promptOperations, CSGHubRelationWriteRoutes.operations, CSGHubMirrorRoutes.operations,
        CSGHubMirrorAdministrationRoutes.operations, CSGHubMirrorSourceRoutes.operations,
        CSGHubSyncSettingRoutes.operations,
        CSGHubSelectionRoutes.operations, CSGHubCollectionRoutes.operations, CSGHubTokenRoutes.operations,
        CSGHubSSHKeyRoutes.operations, CSGHubOrganisationRoutes.operations, CSGHubMemberRoutes.operations,
        CSGHubAbsentRoutes.repositoryOperations, CSGHubAbsentRoutes.operations,
    ]
}
