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

    /// Makes sure that commits of a mirror are here with everything they descend from.
    /// - Throws: why the upstream cannot give it.
    package func acquireHistory(of commits: [ObjectID], in repository: Repository) async throws {
        guard repository.isMirror, let source else { return }
        try await source.acquire(commits, of: repository, history: true)
    }

    /// What lists and searches will know of a commit.
    package func facts(ofHead commit: CommitID, in key: Int64, kind: RepositoryKind) async throws -> HeadFacts {
        try await git.headFacts(of: commit, in: key, kind: kind)
    }

    /// Every file of a commit and its card, read from a git folder that is no repository's yet.
    package func contents(ofStaged commit: CommitID, in key: Int64) async throws -> CommitContents {
        let entries = try await git.list(nil, commit: commit, in: key, recursive: true) ?? []
        let files = entries.filter { $0.kind != .directory && $0.kind != .submodule }
        var card = Card.empty
        if let readme = files.first(where: { $0.path == "README.md" && $0.lfs == nil && $0.size <= 4 << 20 }) {
            card = Card(readme: try await git.blob(readme.id, in: key, limit: 4 << 20))
        }
        return CommitContents(files: files, card: card)
    }
}
