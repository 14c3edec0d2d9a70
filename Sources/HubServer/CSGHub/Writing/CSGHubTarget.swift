import HubCore

/// Where a commit goes: a branch, or a new one that begins at it.
struct CSGHubTarget: Sendable {
    private let branch: String?
    private let newBranch: String?
    private let repository: Repository

    /// - Parameters:
    ///   - branch: nil or empty for the default one.
    ///   - newBranch: nil or empty for none.
    init(branch: String?, newBranch: String?, _ repository: Repository) {
        self.branch = branch.flatMap { $0.isEmpty ? nil : $0 }
        self.newBranch = newBranch.flatMap { $0.isEmpty ? nil : $0 }
        self.repository = repository
    }

    /// The ref that moves.
    /// - Throws: `.revisionNotFound` or `.badRequest` for what no branch is called.
    func ref(by repositories: RepositoryService) async throws -> RefName {
        if let newBranch {
            guard !newBranch.hasPrefix("refs/"), let ref = RefName.branch(newBranch) else {
                throw HubError(.badRequest, "'\(newBranch)' is not a valid branch name.")
            }
            return ref
        }
        return try await repositories.target(named: branch ?? repository.defaultBranch, of: repository)
    }

    /// - Throws: `CSGHubRefusal` for a file that exists.
    func commit(_ draft: CommitDraft, by repositories: RepositoryService) async throws -> CommitOutcome {
        do {
            guard let newBranch else { return try await repositories.commit(draft, to: repository) }
            let start = try branch.map { name in
                guard let revision = Revision(name) else {
                    throw HubError(.revisionNotFound, "'\(name)' is not a branch of \(repository.id).")
                }
                return revision
            }
            return try await repositories.commit(draft, toNewBranch: newBranch, from: start, in: repository)
        } catch let error as HubError where error.code == .conflict && error.status == 409 {
            throw CSGHubRefusal.fileExists(error)
        }
    }
}
