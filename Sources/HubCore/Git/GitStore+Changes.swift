import Subprocess

extension GitStore {
    /// How many commits one descends from, itself included, as far as history is here.
    /// - Throws: `revision-not-found` when the commit is not stored.
    package func commitCount(from start: CommitID, in key: Int64) async throws -> Int {
        let output = try await read(["rev-list", "--count", "--end-of-options", start.hex], of: start, in: key)
        let text = String(decoding: output, as: UTF8.self)
        guard let count = Int(text.filter { !$0.isWhitespace }) else {
            throw HubError(.internalError, "git rev-list counted '\(text.prefix(64))' commits in repository \(key).")
        }
        return count
    }

    /// How many lines differ between two stored commits; against nothing when there is no `old` one.
    /// - Throws: `revision-not-found` when the commit is not stored.
    /// - Parameter isCounted: whether a path's lines count.
    package func lineStatistics(
        from old: CommitID?, to new: CommitID, in key: Int64, isCounted: (String) -> Bool = { _ in true }
    ) async throws -> LineStatistics {
        let sides = old.map { [$0.hex, new.hex] } ?? ["--root", "--no-commit-id", new.hex]
        return LineStatistics(
            parsing: try await read(
                ["diff-tree", "-r", "--numstat", "-z", "--no-renames", "--no-ext-diff"] + sides, of: new, in: key),
            isCounted: isCounted)
    }

    private func read(_ arguments: [String], of commit: CommitID, in key: Int64) async throws -> [UInt8] {
        _ = try await withRepository(key) { try $0.requireCommit(commit) }
        let directory = directory(of: key)
        var output: [UInt8] = []
        let outcome = try await process.run(
            ["--git-dir=\(directory)"] + arguments, environment: GitEnvironment(repository: directory).all,
            limits: GitProcess.Limits(processorSeconds: 60), input: NoChunks?.none
        ) { output.append(contentsOf: $0) }
        guard outcome.status.isSuccess else { throw failure(of: arguments.first ?? "", outcome, in: key) }
        return output
    }
}
