import CGit2

extension GitStore {
    /// Whether one of some stored commits descends from another, or is it.
    /// - Parameter tips: commits; what is none, or is not stored, reaches nothing.
    /// - Complexity: linear in the history younger than the commit, by the commit graph where there is one.
    func isReached(_ commit: CommitID, from tips: [ObjectID], in key: Int64) async throws -> Bool {
        try await withRepository(key) { repository in
            var stored = try tips.filter { try repository.header(of: $0)?.type == GIT_OBJECT_COMMIT }.map(\.gitID)
            guard !stored.isEmpty else { return false }
            var name = commit.gitID
            let code = git_graph_reachable_from_any(repository.repository, &name, &stored, stored.count)
            try GitLibrary.check(code, "walk to the commit \(commit)")
            return code == 1
        }
    }
}
