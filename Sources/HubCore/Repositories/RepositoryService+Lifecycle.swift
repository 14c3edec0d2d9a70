extension RepositoryService {
    /// Creates an empty repository of the principal's, whom the authorizer let create in its namespace.
    /// - Parameter visibility: nil for what its namespace has by default.
    /// - Throws: `.conflict` when the name is taken.
    package func create(
        _ id: RepositoryID, visibility: Repository.Visibility?, defaultBranch: String = "main", by principal: Principal,
        authorizer: Authorizer
    ) async throws -> Repository {
        try await authorizer.authorizeCreation(in: id.namespace, by: principal)
        let usual = try await store.organisations.defaultVisibility(in: id.namespace)
        let key = try await store.createLocal(
            id, visibility: visibility ?? usual, defaultBranch: defaultBranch, by: principal,
            mayReclaim: try await authorizer.mayReclaimNames(in: id.namespace, principal))
        try await git.create(key)
        return try await authorizer.open(principal, .contentWrite, id)
    }

    /// Removes a repository for good: the rows first, so that nobody finds it, then its objects. Blobs stay until a
    /// collector finds that nobody links them.
    /// - Parameter repository: opened for `.delete`.
    package func delete(_ repository: Repository) async throws {
        guard repository.verb == .delete else { throw wrongVerb(repository) }
        try await store.remove(repository)
        try await git.remove(repository.key)
    }

    /// Gives a repository another name; requests for the old one are led to the new one.
    /// - Parameter repository: opened for `.delete`, for its old name goes away.
    /// - Throws: `.conflict` when the name is taken, `.forbidden` when the principal may not create there.
    package func rename(_ repository: Repository, to id: RepositoryID, authorizer: Authorizer) async throws {
        guard repository.verb == .delete, !repository.isMirror, repository.id.kind == id.kind else {
            throw wrongVerb(repository)
        }
        try await authorizer.authorizeCreation(in: id.namespace, by: repository.principal)
        // Another name would lead out from under a tombstone.
        try await requireUnburied(nil, of: repository)
        try await store.rename(
            repository, to: id,
            mayReclaim: try await authorizer.mayReclaimNames(in: id.namespace, repository.principal))
    }

    /// Changes who may see a repository.
    /// - Parameter repository: opened for `.settings`.
    package func setVisibility(_ visibility: Repository.Visibility, of repository: Repository) async throws {
        guard repository.verb == .settings else { throw wrongVerb(repository) }
        try await store.setVisibility(visibility, of: repository)
    }

    private func wrongVerb(_ repository: Repository) -> HubError {
        HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue), which does not do.")
    }
}
