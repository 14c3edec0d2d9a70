/// What fetching ahead reads and writes of mirrored repositories.
extension RepositoryService {
    /// Every file of a commit that was acquired, and its card; no upstream and no policy is asked.
    package func contents(ofAcquired commit: CommitID, in repository: Repository) async throws -> CommitContents {
        try await contents(of: commit, in: repository)
    }

    /// The commit a branch or tag stands for here, by its refs as they are stored.
    package func storedCommit(of revision: Revision, in repository: Repository) async throws -> CommitID? {
        let key = repository.key
        switch revision {
        case .commit(let id): return try await git.peelToCommit(id, in: key)
        case .ref(let name): return try await store.ref(name, of: key).map { $0.peeled ?? $0.target }
        case .name(let text), .abbreviated(let text):
            for name in [RefName.branch(text), RefName.tag(text)].compactMap(\.self) {
                if let ref = try await store.ref(name, of: key) { return ref.peeled ?? ref.target }
            }
            return nil
        }
    }

    /// Has lists and searches show the default branch as it is here now, when its commit is.
    package func settleHead(of opened: Repository) async throws {
        let (repository, head) = try await current(opened)
        guard let branch = RefName.branch(repository.defaultBranch),
            let ref = try await store.ref(branch, of: repository.key), ref.target != head,
            try await store.acquisition(of: ref.target, in: repository.key) != nil
        else { return }
        try await store.noteHead(try await headFacts(of: ref.target, in: repository), of: repository.key)
    }

    /// The default branch as the last answer of the upstream had it.
    package func defaultBranch(of repository: Repository) async throws -> String {
        try await current(repository).repository.defaultBranch
    }
}
