extension RepositoryService {
    /// Stores a large file that comes through this hub itself and makes it the repository's own, to be named by a commit.
    /// - Parameter repository: opened for `.contentWrite`.
    /// - Throws: `.storageFull`, `.quotaExceeded`, or what `chunks` throws.
    package func storeLarge(
        _ chunks: some AsyncSequence<[UInt8], any Error> & Sendable, in repository: Repository
    ) async throws -> LFSPointer {
        try requireWrite(repository)
        return try await store.quotas.holding(for: repository) { hold in
            let stored = try await blobs.store(nil, size: nil, from: CoveredChunks(base: chunks, hold: hold))
            let pointer = LFSPointer(oid: stored.id, size: stored.size)
            try await store.noteArrival(of: pointer, in: repository, endingReservation: hold.name)
            return pointer
        }
    }

    /// What is to be set aside for a commit whose files come in its request. Small ones need nothing: the transaction of
    /// the commit refuses them too, at the cost of one statement.
    package func holdForCommit(to repository: Repository) -> QuotaHold {
        store.quotas.hold(for: repository, slack: Self.unreservedBytes)
    }

    /// Bytes of a commit or a push that may come before anything is set aside for it.
    static let unreservedBytes: Int64 = 1 << 20
}
