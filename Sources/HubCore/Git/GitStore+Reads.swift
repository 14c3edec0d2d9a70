import CGit2
import Crypto
import Subprocess

extension GitStore {
    /// Whether an object is stored.
    package func contains(_ id: ObjectID, in key: Int64) async throws -> Bool {
        try await withRepository(key) { $0.contains(id) }
    }

    /// The commit an id names, through annotated tags; nil when it names no stored commit.
    package func peelToCommit(_ id: ObjectID, in key: Int64) async throws -> CommitID? {
        try await withRepository(key) { try $0.peelToCommit(id) }
    }

    /// What an annotated tag finally points at; nil when the id names no tag object.
    package func peelTag(_ id: ObjectID, in key: Int64) async throws -> ObjectID? {
        try await withRepository(key) { try $0.peelTag(id) }
    }

    /// A commit; nil when it is not stored.
    package func commit(_ id: CommitID, in key: Int64) async throws -> CommitInfo? {
        try await withRepository(key) { try $0.commit(id) }
    }

    /// The entry at a path; nil when there is none. Symlinks are entries, never followed.
    /// - Throws: `revision-not-found` when the commit is not stored.
    package func entry(at path: GitPath, commit: CommitID, in key: Int64) async throws -> TreeEntry? {
        let memory = blobFacts
        return try await withRepository(key) { try $0.entry(at: path, commit: commit, memory: memory) }
    }

    /// The entries of a folder, the root for nil, in git's order; folders are listed also when everything below is.
    /// nil when the path is no folder.
    /// - Throws: `revision-not-found` when the commit is not stored.
    package func list(
        _ path: GitPath?, commit: CommitID, in key: Int64, recursive: Bool
    ) async throws -> [TreeEntry]? {
        let memory = blobFacts
        return try await withRepository(key) {
            try $0.list(path, commit: commit, recursive: recursive, memory: memory)
        }
    }

    /// The bytes of a blob.
    /// - Parameter limit: the most bytes read into memory.
    /// - Throws: `blob-not-found`, `payload-too-large`.
    package func blob(_ id: ObjectID, in key: Int64, limit: Int) async throws -> [UInt8] {
        try await withRepository(key) { try Self.bytes(of: id, in: $0, limit: limit) }
    }

    /// The SHA-256 of the bytes of blobs, in their order: one turn for all of them.
    /// - Parameter limit: the most bytes read into memory at a time.
    /// - Throws: `blob-not-found`, `payload-too-large`.
    func digests(of ids: some Sequence<ObjectID> & Sendable, in key: Int64, limit: Int) async throws -> [String] {
        try await withRepository(key) { repository in
            try ids.map { try Hexadecimal.encode(SHA256.hash(data: Self.bytes(of: $0, in: repository, limit: limit))) }
        }
    }

    private static func bytes(of id: ObjectID, in repository: GitRepository, limit: Int) throws -> [UInt8] {
        guard let header = try repository.header(of: id), header.type == GIT_OBJECT_BLOB else {
            throw HubError(.blobNotFound, "The git blob \(id) is not stored here.")
        }
        guard header.size <= limit else {
            throw HubError(
                .payloadTooLarge, "The git blob \(id) has \(header.size) bytes; at most \(limit) are read here.")
        }
        return try repository.read(id)?.bytes ?? []
    }

    /// Commits reachable from one, youngest first, ending cleanly where history is cut.
    ///
    /// With a path, only commits that changed it, as `git log -- path` simplifies history.
    /// - Throws: `revision-not-found` when the commit is not stored.
    /// - Complexity: without a path, linear in `skip + limit`; with one, in the history walked.
    package func history(
        from start: CommitID, in key: Int64, path: GitPath?, skip: Int, limit: Int
    ) async throws -> [CommitInfo] {
        guard let path else {
            let boundary = try await Set(shallowBoundary(key))
            return try await withRepository(key) {
                try $0.history(from: start, boundary: boundary, skip: skip, limit: limit)
            }
        }
        _ = try await withRepository(key) { try $0.requireCommit(start) }
        guard limit > 0 else { return [] }
        let environment = GitEnvironment(repository: directory(of: key))
        var output: [UInt8] = []
        let outcome = try await process.run(
            [
                "--git-dir=\(directory(of: key))", "log", "--format=%H", "--no-renames", "--no-color",
                "--skip=\(max(0, skip))", "--max-count=\(limit)", "--end-of-options", start.hex, "--", path.path,
            ],
            environment: environment.all, limits: GitProcess.Limits(processorSeconds: 300),
            input: NoChunks?.none
        ) { output.append(contentsOf: $0) }
        guard outcome.status.isSuccess else { throw failure(of: "log", outcome, in: key) }
        let ids = output.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hexDigits: $0) }
        return try await withRepository(key) { repository in try ids.compactMap(repository.commit) }
    }

    /// The error of a git child that failed on our own, verified data.
    func failure(of command: String, _ outcome: GitProcess.Outcome, in key: Int64) -> HubError {
        HubError(.internalError, "git \(command) failed in repository \(key): \(outcome.status): \(outcome.message)")
    }
}

/// Input for a child that reads none.
struct NoChunks: AsyncSequence, Sendable {
    struct AsyncIterator: AsyncIteratorProtocol {
        mutating func next() async throws -> [UInt8]? { nil }
        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> [UInt8]? { nil }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator() }
}
