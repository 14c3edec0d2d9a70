extension RepositoryService {
    /// Lets what policy decides by a repository's name through, or not, before facts around it are told: who likes it,
    /// what is said about it.
    package func authorizeFacts(of repository: Repository) async throws {
        try await checkName(of: repository, at: nil, .metadata)
    }
}
