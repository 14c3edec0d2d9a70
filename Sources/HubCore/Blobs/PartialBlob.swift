/// A blob that is arriving: one download writes, in order or at any place; any number of readers follow.
///
/// The hash follows the bytes from the start as far as they are there without a gap. Bytes are visible to readers once they are written; the last of them only when the digest has matched. Dropping it
/// without `finish` or `fail` fails the readers and keeps the bytes for a later attempt.
package actor PartialBlob {
    package nonisolated let id: BlobID
    /// Bytes that it will have.
    package nonisolated let size: Int64

    private nonisolated let work: PartialWork
    private let workers: BlobWorkers
    private var isBusy = false
    private var turns: [CheckedContinuation<Void, Never>] = []
    private var syncing: Task<Void, Never>?

    init(work: PartialWork, workers: BlobWorkers) {
        id = work.id
        size = work.size
        self.work = work
        self.workers = workers
    }

    deinit {
        work.abandon(because: HubError(.upstreamUnavailable, "The download of \(id) was given up.", retryAfter: 1))
    }

    /// Bytes written so far, those of earlier attempts included: where the next append begins.
    package var written: Int64 { work.watermark.written }

    /// All bytes that are in the file, hashed or not.
    package nonisolated var present: ByteRanges { work.watermark.present }

    /// Where readers wait for bytes that are not here, in order.
    package nonisolated var wanted: [Int64] { work.watermark.wanted }

    /// Writes and hashes `bytes` behind those that are there. Batches of 1 MiB or more are cheapest.
    /// - Throws: `HubError`: `upstreamCorrupt` when there are more than `size`, `storageFull`. The blob has failed then.
    package func append(_ bytes: [UInt8]) async throws {
        let work = work
        try await inTurn { try work.append(bytes) }
    }

    /// Writes what of `bytes` is not here yet at its place, and hashes as far as there is no gap.
    ///
    /// What is here survives a kill of the process from the moment this returns.
    /// - Returns: how many bytes were new.
    /// - Throws: as `append`.
    @discardableResult
    package func write(_ bytes: [UInt8], at offset: Int64) async throws -> Int64 {
        let work = work
        let written = try await inTurn { try work.write(bytes, at: offset) }
        if written.opensMore { try await catchUp() }
        syncWhenDue()
        return written.count
    }

    /// In short jobs, so that the writers of other places get their turn.
    private func catchUp() async throws {
        let work = work
        while try await inTurn({ try work.catchUp(limit: Self.slice) }) {}
    }

    /// Bytes that are hashed in one job behind a write.
    private static let slice: Int64 = 8 << 20

    private func syncWhenDue() {
        guard syncing == nil, work.isSyncDue else { return }
        let (work, workers) = (work, workers)
        syncing = Task { [weak self] in
            // A disk that cannot do it says so again when the blob is published.
            _ = try? await workers.run { try work.sync() }
            await self?.synced()
        }
    }

    private func synced() { syncing = nil }

    /// Runs one job of this blob at a time: waiting here costs no thread of the pool.
    private func inTurn<T: Sendable>(_ job: @escaping @Sendable () throws -> T) async throws -> T {
        if isBusy {
            await withCheckedContinuation { turns.append($0) }
        } else {
            isBusy = true
        }
        defer {
            if turns.isEmpty { isBusy = false } else { turns.removeFirst().resume() }
        }
        return try await workers.run(job)
    }

    /// Compares size and digest, and returns once the blob is stored and durable.
    /// - Throws: `HubError`: `upstreamCorrupt` when they differ; the bytes are in quarantine then, and readers fail.
    package func finish() async throws {
        let work = work
        try await catchUp()
        try await inTurn { try work.finish() }
    }

    /// Gives up; readers fail with `error`. Nothing happens when the blob is complete or has failed before.
    /// - Parameter keepBytes: whether a later attempt may resume. With `storageFull` the bytes are removed in any case,
    ///   so that the space comes back.
    package func fail(_ error: HubError, keepBytes: Bool) async {
        let work = work
        do {
            try await inTurn { work.fail(error, keepBytes: keepBytes) }
        } catch _ {
            // The threads are gone: cleaning up is a few system calls.
            work.fail(error, keepBytes: keepBytes)
        }
    }

    /// A reader that follows the writer.
    /// - Throws: the `HubError` with which the writer failed.
    package func reader() throws -> BlobReader {
        let isVerified = try work.watermark.isVerified()
        return BlobReader(
            id: id, file: work.readable, size: size, following: isVerified ? nil : work.watermark,
            isSuspect: work.isSuspect)
    }
}
