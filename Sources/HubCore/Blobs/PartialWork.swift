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

    /// What an earlier attempt left, opened and locked.
    struct Found: Sendable {
        let file: BlobFile
        /// The same file, for readers.
        let readable: OpenFile
        /// Bytes from the start that are hashed before anything else.
        let prefix: Int64
        var islands = ByteRanges()
        var ledger: RangeLedger?
    }

    private struct Arriving {
        let file: BlobFile
        /// Bytes in the file behind those that are hashed.
        var islands: ByteRanges
        /// There since bytes first came out of order.
        var ledger: RangeLedger?
        /// Bytes written since they were last made durable.
        var unsynced: Int64 = 0

        var present: ByteRanges {
            var present = islands
            present.insert(0..<file.count)
            return present
        }
    }

    /// Bytes that a power cut may cost, and that are left to be made durable when the blob is whole: its last bytes
    /// wait for that.
    private static let syncInterval: Int64 = 64 << 20

    /// Nil once the file is published or given up: its lock is released then.
    private let slot: Mutex<Arriving?>
    private let directory: BlobDirectory
    private let downloads: PartialDownloads

    init(id: BlobID, size: Int64, found: Found, directory: BlobDirectory, downloads: PartialDownloads) {
        self.id = id
        self.size = size
        readable = found.readable
        self.directory = directory
        self.downloads = downloads
        watermark = BlobWatermark(size: size, written: found.file.count, islands: found.islands)
        slot = Mutex(Arriving(file: found.file, islands: found.islands, ledger: found.ledger))
    }

    /// Writes behind what is hashed, and hashes.
    func append(_ bytes: [UInt8]) throws {
        try slot.withLock { slot in
            let file = try arriving(slot).file
            _ = try write(bytes, at: file.count, &slot)
        }
    }

    /// Writes what of `bytes` is not here yet.
    /// - Returns: how many bytes that was, and whether bytes that came earlier can be hashed now.
    func write(_ bytes: [UInt8], at offset: Int64) throws -> (count: Int64, opensMore: Bool) {
        try slot.withLock { slot in
            let count = try write(bytes, at: offset, &slot)
            return (count, slot.map { $0.islands.range(at: $0.file.count) != nil } ?? false)
        }
    }

    private func write(_ bytes: [UInt8], at offset: Int64, _ slot: inout Arriving?) throws -> Int64 {
        var state = try arriving(slot)
        guard offset >= 0, Int64(bytes.count) <= size - min(size, offset) else {
            throw reject(&slot, state, "There are more bytes than the \(size) of the blob \(id).")
        }
        let range = offset..<offset + Int64(bytes.count)
        let gaps = state.present.gaps(in: range)
        do {
            try directory.checkWritable()
            for gap in gaps {
                let part =
                    gap == range
                    ? bytes : Array(bytes[Int(gap.lowerBound - offset)..<Int(gap.upperBound - offset)])
                if gap.lowerBound == state.file.count {
                    try state.file.append(part)
                } else {
                    // Before the first gap is made: a file with gaps and no ledger looks like one without gaps.
                    if state.ledger == nil { state.ledger = try openLedger(state) }
                    try state.file.write(part, at: gap.lowerBound)
                    state.islands.insert(gap)
                }
            }
            if !gaps.isEmpty { try state.ledger?.record(state.present) }
        } catch let error as HubError {
            slot = state
            end(&slot, with: error, keepBytes: false)
            throw error
        }
        let written = gaps.reduce(0) { $0 + Int64($1.count) }
        state.unsynced += written
        slot = state
        moved(state)
        return written
    }

    private func openLedger(_ state: Arriving) throws -> RangeLedger {
        let ledger = try RangeLedger.create(for: state.file, size: size)
        try ledger.record(state.present)
        try directory.syncPartials()
        return ledger
    }

    private func moved(_ state: Arriving) {
        downloads.update(id, remaining: size - state.file.count - state.islands.count)
        watermark.advance(to: state.file.count, islands: state.islands)
    }

    /// Hashes what came early and is now next, at most about `limit` bytes.
    /// - Returns: whether there is more.
    func catchUp(limit: Int64) throws -> Bool {
        try slot.withLock { slot in
            guard var state = slot, let island = state.islands.range(at: state.file.count) else { return false }
            let before = state.file.count
            do {
                _ = try state.file.hashExisting(limit: limit, upTo: island.upperBound)
                guard state.file.count > before else {
                    throw HubError(.storageCorrupt, "Bytes of the download of \(id) are gone from the disk.")
                }
            } catch let error as HubError {
                end(&slot, with: error, keepBytes: false)
                throw error
            }
            state.islands.remove(before: state.file.count)
            slot = state
            moved(state)
            return state.islands.range(at: state.file.count) != nil
        }
    }

    /// Whether so much came that it should be made durable.
    var isSyncDue: Bool { slot.withLock { ($0?.unsynced ?? 0) >= Self.syncInterval } }

    /// Makes durable what is in the file, and writes down that it is. Others write on meanwhile.
    func sync() throws {
        let begun = slot.withLock { slot -> (file: BlobFile, present: ByteRanges)? in
            slot?.unsynced = 0
            return slot.map { ($0.file, $0.present) }
        }
        guard let begun else { return }
        do {
            try begun.file.syncData()
            try slot.withLock { slot in
                guard let slot, let ledger = slot.ledger else { return }
                try ledger.record(slot.present, durable: begun.present)
                try ledger.sync()
            }
        } catch let error as HubError {
            // After a failed fsync nobody knows what is on the disk, and the next one may answer with a lie.
            if error.code == .storageCorrupt { directory.refuseWrites(because: error) }
            throw error
        }
    }

    func finish() throws {
        try slot.withLock { slot in
            let state = try arriving(slot)
            let file = state.file
            guard file.count == size else {
                throw reject(&slot, state, "\(file.count) bytes came of the \(size) of the blob \(id).")
            }
            let digest = file.digest
            guard digest == id else {
                throw reject(&slot, state, "The bytes that came for the blob \(id) have the SHA-256 \(digest).")
            }
            do {
                try directory.publish(file, as: id)
            } catch let error as HubError {
                end(&slot, with: error, keepBytes: false)
                throw error
            }
            directory.removeLedger(of: file)
            slot = nil
            downloads.end(id)
            watermark.verify()
        }
    }

    func fail(_ error: HubError, keepBytes: Bool) {
        slot.withLock { end(&$0, with: error, keepBytes: keepBytes && error.code != .storageFull) }
    }

    /// Fails the readers and leaves the file as it is. Makes no system call but to unlock and close it.
    func abandon(because error: HubError) {
        slot.withLock { slot in
            guard slot != nil else { return }
            slot?.file.unlock()
            slot = nil
            downloads.end(id)
            watermark.fail(error)
        }
    }

    private func arriving(_ slot: Arriving?) throws -> Arriving {
        try watermark.checkArriving()
        guard let slot else { throw HubError(.conflict, "The download of \(id) has ended.") }
        return slot
    }

    private func reject(_ slot: inout Arriving?, _ state: Arriving, _ message: String) -> HubError {
        let error = HubError(.upstreamCorrupt, message)
        // Bytes that cannot be kept for people to look at are not worth keeping.
        do {
            try directory.quarantine(state.file.path, of: id)
            directory.removeLedger(of: state.file)
        } catch {
            directory.discard(state.file, of: id, hasMore: !state.islands.isEmpty)
        }
        close(&slot, with: error)
        return error
    }

    private func end(_ slot: inout Arriving?, with error: HubError, keepBytes: Bool) {
        guard let state = slot else { return }
        do {
            guard keepBytes else { throw error }
            try state.file.cutToCount(or: state.islands.ranges.last?.upperBound ?? 0)
            if let ledger = state.ledger {
                try state.file.syncData()
                try ledger.record(state.present, durable: state.present)
            }
        } catch {
            directory.discard(state.file, of: id, hasMore: !state.islands.isEmpty)
        }
        close(&slot, with: error)
    }

    private func close(_ slot: inout Arriving?, with error: HubError) {
        // Before the readers hear of it: they may begin the next attempt at once.
        slot?.file.unlock()
        slot = nil
        downloads.end(id)
        watermark.fail(error)
    }
}
