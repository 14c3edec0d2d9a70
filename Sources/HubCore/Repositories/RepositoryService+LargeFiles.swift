extension RepositoryService {
    /// Stores a large file that comes through this hub itself and makes it the repository's own, to be named by a commit.
    /// - Parameter repository: opened for `.contentWrite`.
    /// - Throws: `storageFull`, or what `chunks` throws.
    package func storeLarge(
        _ chunks: some AsyncSequence<[UInt8], any Error> & Sendable, in repository: Repository
    ) async throws -> LFSPointer {
        try requireWrite(repository)
        let stored = try await blobs.store(nil, size: nil, from: chunks)
        let pointer = LFSPointer(oid: stored.id, size: stored.size)
        try await store.noteArrival(of: pointer, in: repository.key)
        return pointer
    }
}
