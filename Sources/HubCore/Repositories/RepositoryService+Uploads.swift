extension RepositoryService {
    /// A file of this size in bytes, or larger, belongs into the blob store whatever it is.
    package static let largeFileSize: Int64 = 10_000_000

    /// Says how files are to be uploaded to a branch: by its `.gitattributes`, their size and how they begin.
    /// - Parameters:
    ///   - snapshot: the branch as it is; nil for a repository that holds nothing yet.
    ///   - ignoring: a `.gitignore` that counts instead of the branch's own; nil for that.
    /// - Complexity: linear in the files, each against every line of both files.
    package func uploadPlans(for files: [UploadCandidate], onto snapshot: Snapshot?, ignoring: [UInt8]?) async throws
        -> [UploadPlan]
    {
        let attributes = GitAttributes(parsing: try await rootFile(".gitattributes", in: snapshot) ?? [])
        var rules = ignoring
        if rules == nil { rules = try await rootFile(".gitignore", in: snapshot) }
        let ignore = GitIgnore(parsing: rules ?? [])
        var plans: [UploadPlan] = []
        for file in files {
            let isLarge =
                attributes.usesLFS(file.path) || file.size >= Self.largeFileSize || TextSample.isBinary(file.sample)
            plans.append(
                UploadPlan(
                    isLarge: isLarge, isIgnored: ignore.ignores(file.path),
                    present: try await present(file.path, in: snapshot)))
        }
        return plans
    }

    private func present(_ path: GitPath, in snapshot: Snapshot?) async throws -> String? {
        guard let snapshot, snapshot.repository.rules.denialOfReading(path.path) == nil,
            let entry = try await git.entry(at: path, commit: snapshot.commit, in: snapshot.repository.key),
            entry.kind == .file || entry.kind == .executable
        else { return nil }
        return entry.lfs?.oid.hex ?? entry.id.hex
    }

    /// A small file at the root, if there is one.
    private func rootFile(_ name: String, in snapshot: Snapshot?) async throws -> [UInt8]? {
        guard let snapshot else { return nil }
        return try await rootFile(name, of: snapshot.commit, in: snapshot.repository.key)
    }

    /// A small file at the root of a commit; nil when there is none, or it is not small.
    func rootFile(_ name: String, of commit: CommitID, in key: Int64) async throws -> [UInt8]? {
        guard let path = GitPath(name), let entry = try await git.entry(at: path, commit: commit, in: key),
            entry.kind == .file || entry.kind == .executable, entry.lfs == nil,
            entry.size <= Int64(GitAttributes.maximumBytes)
        else { return nil }
        return try await git.blob(entry.id, in: key, limit: GitAttributes.maximumBytes)
    }
}
