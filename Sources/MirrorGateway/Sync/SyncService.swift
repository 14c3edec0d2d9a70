package import HubCore

/// Selective mirroring: what is to come is decided, listed, and handed to jobs.
package struct SyncService: Sendable {
    /// What a sync would bring, without moving content of upstreams that can be listed.
    /// - Throws: `.notFound` for a mirror or repository that no policy file holds, `.policyDenied`, `.badRequest`.
    package func plan(_ request: SyncRequest) async throws -> SyncPlan {
        throw HubError(.notSupported, "Planning is not there yet.")
    }

    /// Has it fetched. One repository is one job; a whole mirror is a job that enqueues one for each repository.
    /// - Returns: the jobs, some of which may have been there before.
    /// - Throws: as `plan`.
    package func start(_ request: SyncRequest) async throws -> [Job] {
        throw HubError(.notSupported, "Sync is not there yet.")
    }
}
