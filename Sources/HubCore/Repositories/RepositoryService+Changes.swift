extension RepositoryService {
    /// Number of commits a snapshot descends from, itself included, with history fetched when a mirror lacks it.
    package func commitCount(of snapshot: Snapshot) async throws -> Int {
        try await acquireHistory(of: snapshot)
        return try await git.commitCount(from: snapshot.commit, in: snapshot.repository.key)
    }

    /// What differs between two states of one repository.
    package func changes(from old: Snapshot, to new: Snapshot) async throws -> TreeComparison {
        TreeComparison(from: try await contents(of: old).files, to: try await contents(of: new).files)
    }

    /// What a commit changed against its first parent, with history fetched when a mirror lacks it.
    package func changes(of snapshot: Snapshot) async throws -> (files: TreeComparison, lines: LineStatistics) {
        try await acquireHistory(of: snapshot)
        let key = snapshot.repository.key
        let parent = try await commit(of: snapshot).parents.first
        var old: [TreeEntry] = []
        if let parent { old = try await contents(of: parent, in: snapshot.repository).files }
        let rules = snapshot.repository.rules
        return (
            TreeComparison(from: snapshot.repository.readable(old), to: try await contents(of: snapshot).files),
            try await git.lineStatistics(from: parent, to: snapshot.commit, in: key) {
                rules.denialOfReading($0) == nil
            }
        )
    }

    /// The last commit that touched each entry of a folder, where that can be told from what is stored: nothing is
    /// fetched for it, and a mirror without history has none.
    package func storedLastCommits(of folder: String?, in snapshot: Snapshot) async throws -> [String: CommitInfo] {
        let repository = snapshot.repository
        if let folder { try requireReadable(folder, of: repository) }
        if repository.isMirror {
            guard try await store.acquisition(of: snapshot.commit, in: repository.key)?.hasHistory == true else {
                return [:]
            }
        }
        return try await git.lastCommits(
            of: folder.flatMap { GitPath($0) }, commit: snapshot.commit, in: repository.key)
    }

    private func acquireHistory(of snapshot: Snapshot) async throws {
        guard snapshot.repository.isMirror, let source else { return }
        try await source.acquire([snapshot.commit], of: snapshot.repository, history: true)
    }
}
