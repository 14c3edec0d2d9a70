extension RepositoryService {
    /// Creates a repository with its first commit on a branch of the maker's choice, and what he says about it.
    /// - Parameters:
    ///   - visibility: nil for what its namespace has by default.
    ///   - files: beside the initial ones, and instead of those of the same name.
    /// - Throws: as `create`; `.badRequest` for what is no branch's name or a card that cannot be read.
    package func found(
        _ id: RepositoryID, visibility: Repository.Visibility?, defaultBranch: String, holding initial: InitialFiles,
        and files: [(path: GitPath, bytes: [UInt8])], profile: RepositoryProfile, by principal: Principal,
        authorizer: Authorizer
    ) async throws -> Repository {
        guard !defaultBranch.hasPrefix("refs/"), defaultBranch.utf8.count <= 255,
            let branch = RefName.branch(defaultBranch)
        else { throw HubError(.badRequest, "'\(defaultBranch)' is not a valid branch name.") }
        for file in files where file.path.path == "README.md" { try Card.validate(readme: file.bytes) }
        let repository = try await create(
            id, visibility: visibility, defaultBranch: defaultBranch, by: principal, authorizer: authorizer)
        try await set(profile, of: repository)
        let own = Set(files.map(\.path))
        let usual = initial.files(for: id).compactMap { name, bytes in
            GitPath(name).flatMap { own.contains($0) ? nil : CommitOperation.write(path: $0, bytes: bytes) }
        }
        _ = try await commit(
            CommitDraft(
                ref: branch, operations: usual + files.map { .write(path: $0.path, bytes: $0.bytes) },
                summary: "initial commit"), to: repository)
        return repository
    }
}
