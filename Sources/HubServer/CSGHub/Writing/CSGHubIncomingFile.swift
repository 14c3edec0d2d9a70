import HubCore

/// A file whose bytes came in the request: kept in git or in the blob store, as the repository's rules say.
struct CSGHubIncomingFile: Sendable {
    /// How much of a file is looked at to tell text from binary, in bytes.
    private static let sample = 8_000

    let path: GitPath
    let repository: Repository

    /// - Parameter bytes: a pointer stays one.
    func operation(_ bytes: [UInt8], by repositories: RepositoryService) async throws -> CommitOperation {
        if LFSPointer(parsing: bytes) == nil, try await isLarge(bytes, by: repositories) {
            let chunks = AsyncThrowingStream<[UInt8], any Error> { stream in
                stream.yield(bytes)
                stream.finish()
            }
            let pointer = try await repositories.storeLarge(chunks, in: repository)
            return .writeLarge(path: path, oid: pointer.oid, size: pointer.size)
        }
        return .writeStaged(path: path, file: try await repositories.stage(bytes, at: path, in: repository))
    }

    private func isLarge(_ bytes: [UInt8], by repositories: RepositoryService) async throws -> Bool {
        // git's own files are read by git, whatever the rules say.
        guard !bytes.isEmpty, !path.name.hasPrefix(".git") else { return false }
        let candidate = UploadCandidate(
            path: path, size: Int64(bytes.count), sample: Array(bytes.prefix(Self.sample)))
        let snapshot = try await Self.state(of: repository, by: repositories)
        return try await repositories.uploadPlans(for: [candidate], onto: snapshot, ignoring: [])
            .contains { $0.isLarge }
    }

    /// The default branch as it is; nil before the first commit.
    static func state(of repository: Repository, at revision: Revision? = nil, by repositories: RepositoryService)
        async throws -> Snapshot?
    {
        do {
            return try await repositories.snapshot(of: repository, at: revision)
        } catch let error as HubError where error.code == .revisionNotFound && revision == nil {
            return nil
        }
    }
}
