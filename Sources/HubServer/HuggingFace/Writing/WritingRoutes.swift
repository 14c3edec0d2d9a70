import HubCore

/// Every message of the Hugging Face API that changes a repository or its content (wire/huggingface.md §4, §5).
struct WritingRoutes: Sendable {
    let access: RepositoryAccess
    let entries: SpaceEntries

    /// Messages that name their repository in the path.
    var families: [any RouteFamily] {
        [
            RepositorySettingsRoute(access: access), DuplicationRoute(access: access), PreuploadRoute(access: access),
            CommitRoute(access: access), BranchRoutes(access: access), TagRoutes(access: access),
            SquashRoute(access: access), LFSFilesRoutes(access: access),
            SpaceEntryRoutes(access: access, entries: entries),
        ]
    }

    /// Messages that name it in their body, or none.
    var routes: [Route] {
        RepositoryCreationRoute(access: access, entries: entries).routes
            + RepositoryDeletionRoute(access: access).routes + RepositoryMoveRoute(access: access).routes
            + CardValidationRoute(errors: access.errors).routes
    }
}
