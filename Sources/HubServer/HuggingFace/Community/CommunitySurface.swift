package import HubCore

/// The Hugging Face Hub's protocol for what people do around repositories: discussions and pull requests, likes,
/// collections and webhooks (wire/huggingface.md §6).
package struct CommunitySurface: Sendable {
    private let access: RepositoryAccess
    private let discussions: Discussions
    private let likes: Likes
    private let collections: Collections
    private let identities: IdentityStore

    package init(
        authorizer: Authorizer, repositories: RepositoryService, store: RepositoryStore, identities: IdentityStore,
        clock: WallClock = .system
    ) {
        access = RepositoryAccess(
            authorizer: authorizer, repositories: repositories, store: store, clock: clock,
            errors: HuggingFaceErrorRendering())
        discussions = Discussions(repositories: repositories, authorizer: authorizer)
        likes = Likes(store: store)
        collections = Collections(store: store, authorizer: authorizer)
        self.identities = identities
    }

    /// Every route, for the root; the same under a prefix by `mounted(at:)`.
    package var routes: [Route] {
        let families: [any RouteFamily] = [
            DiscussionListRoute(access: access, discussions: discussions),
            DiscussionRoute(access: access, discussions: discussions),
            DiscussionChangeRoutes(access: access, discussions: discussions),
            MergeRoute(access: access, discussions: discussions), LikeRoutes(access: access, likes: likes),
        ]
        return RepositoryKind.allCases.flatMap { kind in families.flatMap { $0.routes(for: kind) } }
            + UserLikesRoute(likes: likes, identities: identities, errors: access.errors).routes
            + CollectionRoutes(collections: collections, errors: access.errors).routes
            + CollectionItemRoutes(collections: collections, errors: access.errors).routes
            + WebhookRoutes(webhooks: Webhooks(store: access.store), errors: access.errors).routes
            + WebhookDeliveryRoutes(
                webhooks: Webhooks(store: access.store), authorizer: access.authorizer, errors: access.errors
            ).routes
    }
}
