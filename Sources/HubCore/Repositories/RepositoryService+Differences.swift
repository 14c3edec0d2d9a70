/// Comparing states of one repository line by line.
extension RepositoryService {
    /// What a commit changed against its first parent, with history fetched when a mirror lacks it.
    /// - Parameter snapshot: of a repository opened for `.contentRead`.
    package func difference(
        of snapshot: Snapshot, limits: TreeDifference.Limits = TreeDifference.Limits()
    ) async throws -> (commit: CommitInfo, difference: TreeDifference) {
        try await bringHistory(of: snapshot)
        let commit = try await commit(of: snapshot)
        var parent = commit.parents.first
        // History may be cut off here.
        if let id = parent, try await git.commit(id, in: snapshot.repository.key) == nil { parent = nil }
        return (commit, try await difference(from: parent, to: snapshot, limits))
    }

    /// What the newer of two states changed since both were one, or since the older one where they never were.
    package func difference(
        from base: Snapshot, to head: Snapshot, limits: TreeDifference.Limits = TreeDifference.Limits()
    ) async throws -> (start: CommitID, difference: TreeDifference) {
        try await bringHistory(of: base)
        try await bringHistory(of: head)
        let start =
            try await git.mergeBase(of: base.commit, and: head.commit, in: head.repository.key) ?? base.commit
        return (start, try await difference(from: start, to: head, limits))
    }

    /// Which commit each line of a file is from.
    /// - Throws: `.entryNotFound`, `.payloadTooLarge`, what the gate decides.
    package func blame(_ entry: TreeEntry, in snapshot: Snapshot) async throws -> Blame {
        try await authorizeFile(entry, in: snapshot)
        guard let path = GitPath(entry.path), entry.kind == .file || entry.kind == .executable else {
            throw HubError(.entryNotFound, "'\(entry.path)' is no file in \(snapshot.repository.id).")
        }
        guard entry.size >= 0, entry.size <= Self.largestBlamed else {
            throw HubError(
                .payloadTooLarge, "'\(entry.path)' has \(entry.size) bytes: too many to tell where each line is from.",
                remedy: "Clone the repository and run git blame.")
        }
        try await bringHistory(of: snapshot)
        return try await git.blame(path, at: snapshot.commit, in: snapshot.repository.key)
    }

    /// Bytes of a file whose lines are traced.
    package static let largestBlamed: Int64 = 1 << 20

    private func difference(from old: CommitID?, to new: Snapshot, _ limits: TreeDifference.Limits) async throws
        -> TreeDifference
    {
        let rules = new.repository.rules
        return try await git.difference(from: old, to: new.commit, in: new.repository.key, limits: limits) {
            rules.denialOfReading($0) == nil
        }
    }

    private func bringHistory(of snapshot: Snapshot) async throws {
        guard snapshot.repository.isMirror, let source else { return }
        try await source.acquire([snapshot.commit], of: snapshot.repository, history: true)
    }
}
