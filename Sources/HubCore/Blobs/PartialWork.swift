import Synchronization

/// The blocking half of a `PartialBlob`: what its jobs do, one at a time.
final class PartialWork: Sendable {
    let id: BlobID
    let size: Int64
    let watermark: BlobWatermark
    /// Whether readers of an earlier attempt may hold other bytes than those that arrive now.
    var isSuspect: Bool { directory.isSuspect(id) }
    /// The same file, for readers. The descriptor stays valid when the file is renamed.
    let readable: OpenFile

    /// Nil once the file is published or given up: its lock is released then.
    private let file: Mutex<BlobFile?>
    private let directory: BlobDirectory
    private let downloads: PartialDownloads

    init(
        id: BlobID, size: Int64, file: BlobFile, readable: OpenFile, directory: BlobDirectory,
        downloads: PartialDownloads
    ) {
        self.id = id
        self.size = size
        self.readable = readable
        self.directory = directory
        self.downloads = downloads
        watermark = BlobWatermark(size: size, written: file.count)
        self.file = Mutex(file)
    }

    func append(_ bytes: [UInt8]) throws {
        try file.withLock { slot in
            let file = try arriving(slot)
            guard Int64(bytes.count) <= size - file.count else {
                throw reject(&slot, file, "There are more bytes than the \(size) of the blob \(id).")
            }
            do {
                try directory.checkWritable()
                try file.append(bytes)
            } catch let error as HubError {
                end(&slot, with: error, keepBytes: false)
                throw error
            }
            downloads.update(id, remaining: size - file.count)
            watermark.advance(to: file.count)
        }
    }

    func finish() throws {
        try file.withLock { slot in
            let file = try arriving(slot)
            guard file.count == size else {
                throw reject(&slot, file, "\(file.count) bytes came of the \(size) of the blob \(id).")
            }
            let digest = file.digest
            guard digest == id else {
                throw reject(&slot, file, "The bytes that came for the blob \(id) have the SHA-256 \(digest).")
            }
            do {
                try directory.publish(file, as: id)
            } catch let error as HubError {
                end(&slot, with: error, keepBytes: false)
                throw error
            }
            slot = nil
            downloads.end(id)
            watermark.verify()
        }
    }

    func fail(_ error: HubError, keepBytes: Bool) {
        file.withLock { end(&$0, with: error, keepBytes: keepBytes && error.code != .storageFull) }
    }

    /// Fails the readers and leaves the file as it is. Makes no system call but to unlock and close it.
    func abandon(because error: HubError) {
        file.withLock { slot in
            guard slot != nil else { return }
            slot?.unlock()
            slot = nil
            downloads.end(id)
            watermark.fail(error)
        }
    }

    private func arriving(_ slot: BlobFile?) throws -> BlobFile {
        try watermark.checkArriving()
        guard let slot else { throw HubError(.conflict, "The download of \(id) has ended.") }
        return slot
    }

    private func reject(_ slot: inout BlobFile?, _ file: BlobFile, _ message: String) -> HubError {
        let error = HubError(.upstreamCorrupt, message)
        // Bytes that cannot be kept for people to look at are not worth keeping.
        do { try directory.quarantine(file.path, of: id) } catch { directory.discard(file, of: id) }
        close(&slot, with: error)
        return error
    }

    private func end(_ slot: inout BlobFile?, with error: HubError, keepBytes: Bool) {
        guard let file = slot else { return }
        do {
            guard keepBytes else { throw error }
            try file.cutToCount()
        } catch {
            directory.discard(file, of: id)
        }
        close(&slot, with: error)
    }

    private func close(_ slot: inout BlobFile?, with error: HubError) {
        // Before the readers hear of it: they may begin the next attempt at once.
        slot?.unlock()
        slot = nil
        downloads.end(id)
        watermark.fail(error)
    }
}
