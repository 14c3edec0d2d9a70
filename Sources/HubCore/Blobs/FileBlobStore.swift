package import Foundation
import Synchronization

/// Blobs as files below one directory.
///
/// - SeeAlso: `BlobDirectory` for the layout and the durable order.
package final class FileBlobStore: BlobStore {
    let directory: BlobDirectory
    let workers: BlobWorkers
    let downloads = PartialDownloads()
    /// Blobs that are open here.
    let leases = BlobLeases()
    /// Bytes that the bodies being received still bring.
    let promises = SpacePromises()

    /// Set once, before the first blob is served; nil when stored blobs are believed.
    package var readVerification: ReadVerification? {
        get { verification.withLock { $0 } }
        set { verification.withLock { $0 = newValue } }
    }
    private let verification = Mutex<ReadVerification?>(nil)

    /// Bytes that are written and hashed in one job.
    static let batch = 1 << 20
    /// Bytes that one job hashes or copies at most: jobs stay short, so that all writers get their turn.
    static let slice: Int64 = 64 << 20

    /// Opens the store below `root`, which is made when it is missing.
    /// - Parameters:
    ///   - threads: how many jobs write, hash or read at once.
    ///   - now: the time, by which leftovers are judged old.
    ///   - space: bytes that are free and bytes there are; nil for what the file system says.
    /// - Throws: when the directories cannot be made.
    package init(
        root: String, threads: Int = max(4, ProcessInfo.processInfo.activeProcessorCount),
        now: @escaping @Sendable () -> Date = { Date() },
        space: (@Sendable () throws -> (free: Int64, total: Int64))? = nil
    ) throws {
        directory = try BlobDirectory(root: root, now: now, space: space)
        workers = BlobWorkers(threads: threads)
    }

    // Opening is two system calls on cached metadata: less than a hop to another thread.
    package func open(_ id: BlobID) async throws -> BlobReader? {
        guard let file = try openFile(id) else { return nil }
        return BlobReader(
            id: id, file: file, size: file.size, following: readVerification?.following(id, file, workers),
            isSuspect: directory.isSuspect(id))
    }

    /// The file of a stored blob; nil when there is none.
    func openFile(_ id: BlobID) throws -> OpenFile? {
        do {
            return try OpenFile(path: directory.path(of: id), size: nil, lease: leases.take(id))
        } catch let error as HubError where error.code == .notFound {
            return nil
        }
    }

    package func size(of id: BlobID) async throws -> Int64? {
        try directory.size(of: id)
    }

    package func verify(_ id: BlobID) async throws -> Bool {
        guard let file = try openFile(id) else {
            throw HubError(.blobNotFound, "The blob \(id) is not stored.")
        }
        let hashing = BlobHashing(file)
        while try await workers.run({ try hashing.next(Self.slice) }) { try Task.checkCancellation() }
        return hashing.digest == id
    }

    package func quarantine(_ id: BlobID) async throws {
        let directory = directory
        try await workers.run { try directory.quarantine(directory.path(of: id), of: id) }
    }

    @discardableResult
    package func remove(_ id: BlobID) async throws -> Int64? {
        let directory = directory
        return try await workers.run {
            guard let size = try directory.size(of: id) else { return nil }
            try PosixFile.remove(directory.path(of: id))
            return size
        }
    }

    package func allIDs() -> AsyncThrowingStream<BlobID, any Error> {
        let listing = BlobListing(directory: directory, workers: workers)
        return AsyncThrowingStream { try await listing.next() }
    }

    @discardableResult
    package func reapIncoming(olderThan age: Duration) async throws -> Int {
        let directory = directory
        return try await workers.run { try directory.reap(olderThan: age).files }
    }
}

// MARK: - Downloads

extension FileBlobStore {
    package func partial(_ id: BlobID, size: Int64) async throws -> PartialBlob {
        guard size >= 0 else { throw HubError(.badRequest, "A blob cannot have \(size) bytes.") }
        try downloads.begin(id)
        do {
            let found = try await workers.run { [self] in try openPartial(id, size: size) }
            while try await workers.run({ try found.file.hashExisting(limit: Self.slice, upTo: found.prefix) }) {
                try Task.checkCancellation()
            }
            return PartialBlob(
                work: PartialWork(
                    id: id, size: size, found: found, directory: directory, downloads: downloads),
                workers: workers)
        } catch {
            downloads.end(id)
            throw error
        }
    }

    private func openPartial(_ id: BlobID, size: Int64) throws -> PartialWork.Found {
        try directory.checkWritable()
        let path = directory.partialPath(of: id)
        let hasLedger = try PosixFile.size(of: RangeLedger.path(of: path)) != nil
        // Where there are gaps, only what takes room on the disk is there.
        let here = hasLedger ? try PosixFile.blocks(of: path) : try PosixFile.size(of: path) ?? 0
        let (needed, overflow) = (size - min(size, here)).addingReportingOverflow(
            downloads.promised.addingClamped(promises.bytes))
        try directory.checkSpace(for: overflow ? .max : needed)
        guard let file = try BlobFile.openOrCreate(at: path) else {
            throw HubError(.conflict, "Another process is downloading the blob \(id).")
        }
        // Asked with the lock held: now nobody else can publish it.
        guard try directory.size(of: id) == nil else {
            if try file.length() > 0 { directory.suspect(id) }
            directory.removeLedger(of: file)
            try PosixFile.remove(path)
            throw HubError(.conflict, "The blob \(id) is stored already.")
        }
        // More than there can be: nothing to resume from.
        if try file.length() > size {
            directory.suspect(id)
            try file.clear()
        }
        return try resume(file, of: id, size: size)
    }

    /// What of a partial file can be gone on with.
    private func resume(_ file: BlobFile, of id: BlobID, size: Int64) throws -> PartialWork.Found {
        let readable = try OpenFile(path: file.path, size: size, lease: leases.take(id))
        let length = try file.length()
        if length == 0 { directory.removeLedger(of: file) }
        guard try PosixFile.size(of: RangeLedger.path(of: file.path)) != nil else {
            downloads.update(id, remaining: size - length)
            return PartialWork.Found(file: file, readable: readable, prefix: length)
        }
        guard let (ledger, present) = try RangeLedger.open(for: file, size: size) else {
            // There are gaps, and nobody knows where.
            directory.suspect(id)
            try file.clear()
            directory.removeLedger(of: file)
            downloads.update(id, remaining: size)
            return PartialWork.Found(file: file, readable: readable, prefix: 0)
        }
        let prefix = present.range(at: 0)?.upperBound ?? 0
        var islands = present
        islands.remove(before: prefix)
        downloads.update(id, remaining: size - present.count)
        return PartialWork.Found(file: file, readable: readable, prefix: prefix, islands: islands, ledger: ledger)
    }
}

// MARK: - Whole bodies

extension FileBlobStore {
    package func store(
        _ id: BlobID?, size: Int64?, from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws -> (id: BlobID, size: Int64) {
        let directory = directory
        let promise = try promise(of: size ?? 0)
        defer { promise.end() }
        let file = try await workers.run { try directory.createIncoming() }
        return try await publishing(file, as: id) {
            var received: Int64 = 0
            var batch: [UInt8] = []
            for try await chunk in chunks {
                received += Int64(chunk.count)
                if let size, received > size {
                    throw HubError(.unprocessable, "The body has more than the \(size) bytes it was declared with.")
                }
                Self.gather(chunk, in: &batch)
                if batch.count >= Self.batch {
                    let full = batch
                    batch = []
                    try await workers.run { try file.append(full) }
                    promise.keep(Int64(full.count))
                }
            }
            let last = batch
            try await workers.run { try file.append(last) }
            if let size, received != size {
                throw HubError(.unprocessable, "The body has \(received) bytes; it was declared with \(size).")
            }
        }
    }

    /// Adds to a batch, which grows once, and not at all for a body of one chunk.
    static func gather(_ chunk: [UInt8], in batch: inout [UInt8]) {
        if batch.isEmpty {
            batch = chunk
        } else {
            if batch.capacity < Self.batch { batch.reserveCapacity(Self.batch + chunk.count) }
            batch += chunk
        }
    }

    package func store(fileAt path: String, expecting id: BlobID?) async throws -> (id: BlobID, size: Int64) {
        let directory = directory
        let (source, file, isCloned) = try await workers.run {
            let source = try OpenFile(path: path)
            let file = try directory.createIncoming()
            let isCloned = file.clone(source)
            do {
                if !isCloned { try directory.checkSpace(for: source.size) }
            } catch {
                file.discard()
                throw error
            }
            return (source, file, isCloned)
        }
        return try await publishing(file, as: id) {
            // What we hold is hashed, not what the source holds: that may change meanwhile.
            var hasMore = true
            while hasMore {
                try Task.checkCancellation()
                hasMore = try await workers.run {
                    try isCloned ? file.hashExisting(limit: Self.slice) : file.copy(source, limit: Self.slice)
                }
            }
        }
    }

    /// Lets `fill` write the file, checks the digest and publishes it; removes it when anything fails.
    private func publishing(
        _ file: BlobFile, as id: BlobID?, _ fill: () async throws -> Void
    ) async throws -> (id: BlobID, size: Int64) {
        let directory = directory
        do {
            try await fill()
            return try await workers.run {
                let digest = file.digest
                if let id, digest != id {
                    throw HubError(.unprocessable, "The body has the SHA-256 \(digest), not \(id).")
                }
                try directory.publish(file, as: digest)
                return (digest, file.count)
            }
        } catch {
            try? await workers.run { file.discard() }
            throw error
        }
    }
}
