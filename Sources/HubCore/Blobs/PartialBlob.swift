/// A blob that is arriving: one writer appends, any number of readers follow.
///
/// Bytes are visible to readers once they are written; the last of them only when the digest has matched. Dropping it
/// without `finish` or `fail` fails the readers and keeps the bytes for a later attempt.
package actor PartialBlob {
    package nonisolated let id: BlobID
    /// Bytes that it will have.
    package nonisolated let size: Int64

    private nonisolated let work: PartialWork
    private let workers: BlobWorkers

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

    /// Writes and hashes `bytes` behind those that are there. Batches of 1 MiB or more are cheapest.
    /// - Throws: `HubError`: `upstreamCorrupt` when there are more than `size`, `storageFull`. The blob has failed then.
    package func append(_ bytes: [UInt8]) async throws {
        let work = work
        try await workers.run { try work.append(bytes) }
    }

    /// Compares size and digest, and returns once the blob is stored and durable.
    /// - Throws: `HubError`: `upstreamCorrupt` when they differ; the bytes are in quarantine then, and readers fail.
    package func finish() async throws {
        let work = work
        try await workers.run { try work.finish() }
    }

    /// Gives up; readers fail with `error`. Nothing happens when the blob is complete or has failed before.
    /// - Parameter keepBytes: whether a later attempt may resume. With `storageFull` the bytes are removed in any case,
    ///   so that the space comes back.
    package func fail(_ error: HubError, keepBytes: Bool) async {
        let work = work
        do {
            try await workers.run { work.fail(error, keepBytes: keepBytes) }
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
