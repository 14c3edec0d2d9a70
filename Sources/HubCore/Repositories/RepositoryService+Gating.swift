extension RepositoryService {
    /// Puts a gate in front of a repository's content, or takes it away. Who was let in stays so.
    /// - Parameter repository: opened for `.settings`.
    package func setGating(_ gating: Repository.Gating, of repository: Repository) async throws {
        guard repository.verb == .settings else {
            throw HubError(
                .internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not for its settings.")
        }
        try await store.set("gated", to: gating.setting, of: repository)
    }
}
