import Subprocess
import Synchronization

/// What a folder's history is remembered by. A commit never changes, so neither does the answer, until history
/// behind a shallow boundary arrives.
struct FolderHistoryKey: Hashable, Sendable {
    var repository: Int64
    var commit: CommitID
    var folder: GitPath?
}

extension GitStore {
    /// The last commit that changed each entry of a folder, by the entry's full path (`TreeEntry.path`).
    ///
    /// One pass of `git log` for the whole folder, which stops when every entry is accounted for. Where history is cut,
    /// the commit at the boundary answers for all that came before it.
    /// - Throws: `revision-not-found` when the commit is not stored; `entry-not-found` when there is no such folder.
    package func lastCommits(
        of folder: GitPath?, commit: CommitID, in key: Int64
    ) async throws -> [String: CommitInfo] {
        let cacheKey = FolderHistoryKey(repository: key, commit: commit, folder: folder)
        if let known = folderHistories.withLock({ $0.value(for: cacheKey) }) { return known }
        guard let entries = try await list(folder, commit: commit, in: key, recursive: false) else {
            throw HubError(.entryNotFound, "There is no folder \(folder?.path ?? "/") in \(commit).")
        }
        let scan = try await scan(LastCommitScan(folder: folder, paths: entries.map(\.path)), folder, commit, key)
        let commits = try await withRepository(key) { repository in
            var byID: [ObjectID: CommitInfo] = [:]
            for id in Set(scan.found.values) { byID[id] = try repository.commit(id) }
            return scan.found.compactMapValues { byID[$0] }
        }
        folderHistories.withLock { $0.insert(commits, for: cacheKey) }
        return commits
    }

    private struct Complete: Error {}

    private func scan(
        _ scan: consuming LastCommitScan, _ folder: GitPath?, _ commit: CommitID, _ key: Int64
    ) async throws -> LastCommitScan {
        var scan = scan
        guard !scan.isComplete else { return scan }
        var arguments = [
            "--git-dir=\(directory(of: key))", "log", "-z", "-c", "--format=/%H", "--name-only", "--no-renames",
            "--no-color", "--no-ext-diff", "--end-of-options", commit.hex, "--",
        ]
        if let folder { arguments.append(folder.path) }
        do {
            let outcome = try await process.run(
                arguments, environment: GitEnvironment(repository: directory(of: key)).all,
                limits: GitProcess.Limits(processorSeconds: 300), input: NoChunks?.none
            ) { bytes in
                scan.append(bytes)
                if scan.isComplete { throw Complete() }
            }
            guard outcome.status.isSuccess else { throw failure(of: "log", outcome, in: key) }
        } catch is Complete {
            // The rest of history has nothing to add.
        }
        return scan
    }
}
