extension RepositoryService {
    /// Lets what policy decides by a repository's name through, or not, before facts around it are told: who likes it,
    /// what is said about it.
    package func authorizeFacts(of repository: Repository) async throws {
        try await checkName(of: repository, at: nil, .metadata)
    }

    /// Content is put into a repository by who may write to it, and by who proposes a pull request.
    func requireContribution(_ repository: Repository) throws {
        if repository.verb != .discuss || repository.isMirror { try requireWrite(repository) }
    }
}
