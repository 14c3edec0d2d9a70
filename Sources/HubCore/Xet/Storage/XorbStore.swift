import Foundation

/// Where xorbs are: files below one directory, each verified when it came and again chunk by chunk when it is read.
package final class XorbStore: Sendable {
    let directory: XorbDirectory
    let workers: BlobWorkers
    private let current: XetGeneration

    /// Bytes that one job takes in or gives out at most, about.
    static let batch = 1 << 20

    /// Opens the store below `root`, which is made when it is missing.
    package init(root: String, threads: Int = max(2, ProcessInfo.processInfo.activeProcessorCount)) throws {
        directory = try XorbDirectory(root: root)
        workers = BlobWorkers(threads: threads)
        current = try XetGeneration(root: root)
    }

    /// Names this storage in clients' caches; another one once xorbs were lost.
    package var generation: String { current.name }

    /// Stores a xorb as it arrives.
    /// - Returns: what it holds, once it is durable.
    /// - Throws: `bad-request`, `unprocessable` when it has another name, `payload-too-large`, `storage-full`, or what
    ///   `pieces` throws.
    func store(_ name: XetHash, from pieces: some AsyncSequence<[UInt8], any Error> & Sendable) async throws
        -> XorbIndex
    {
        let directory = directory
        let intake = XorbIntake(file: try await workers.run { try directory.createIncoming() })
        do {
            var batch: [UInt8] = []
            for try await piece in pieces {
                batch += piece
                guard batch.count >= Self.batch else { continue }
                let full = batch
                batch = []
                try await workers.run { try intake.take(full) }
            }
            let last = batch
            return try await workers.run {
                try intake.take(last)
                return try intake.finish(as: name, in: directory)
            }
        } catch {
            try? await workers.run { intake.discard() }
            throw error
        }
    }

    /// A stored xorb; nil when there is none of this name.
    /// - Throws: `storage-corrupt` when it is damaged.
    func open(_ name: XetHash) async throws -> XorbFile? {
        let directory = directory
        return try await workers.run { try directory.open(name) }
    }

    /// Which of these xorbs hold a single chunk, and which cannot be used: they are not stored, or damaged.
    func survey(_ names: Set<XetHash>) async throws -> (ofOneChunk: Set<XetHash>, missing: Set<XetHash>) {
        let directory = directory
        return try await workers.run {
            var ofOneChunk: Set<XetHash> = []
            var missing: Set<XetHash> = []
            for name in names {
                switch try? directory.chunkCount(of: name) {
                case nil: missing.insert(name)
                case 1: ofOneChunk.insert(name)
                default: break
                }
            }
            return (ofOneChunk, missing)
        }
    }

    /// Checks a shard's file against the stored xorbs.
    /// - Parameter hidden: xorbs that its author may not see.
    /// - Throws: as `ShardFile.verify`, and `storage-corrupt`.
    func verify(_ file: ShardFile, hiding hidden: Set<XetHash>) async throws {
        let (directory, current) = (directory, current)
        try await workers.run {
            var known = XorbIndexCache(directory: directory)
            try file.verify { name in
                if hidden.contains(name) { return nil }
                return try Self.losing(name, directory, current) { try known.index(of: name) }
            }
        }
    }

    /// The bytes of some chunks of a xorb, from `first` on: about a batch, and at least one chunk.
    /// - Returns: the bytes, and the first chunk that is not among them.
    /// - Throws: `storage-corrupt`.
    func content(of xorb: XorbFile, from first: Int, before end: Int) async throws -> (bytes: [UInt8], next: Int) {
        let (directory, current) = (directory, current)
        return try await workers.run {
            var bytes: [UInt8] = []
            var number = first
            while number < end, bytes.count < Self.batch {
                bytes += try Self.losing(xorb.index.hash, directory, current) { try xorb.content(of: number) }
                number += 1
            }
            return (bytes, number)
        }
    }

    /// Puts a damaged or missing xorb aside and begins a new generation: clients forget what they believe to be stored
    /// here, and send it again.
    func lose(_ name: XetHash) async throws {
        let (directory, current) = (directory, current)
        try await workers.run {
            try directory.lose(name)
            try current.renew()
        }
    }

    /// Reads from a xorb, and puts it aside when it turns out to be damaged.
    private static func losing<Content>(
        _ name: XetHash, _ directory: XorbDirectory, _ current: XetGeneration, _ read: () throws -> Content
    ) throws -> Content {
        do {
            return try read()
        } catch let error as HubError where error.code == .storageCorrupt {
            try directory.lose(name)
            try current.renew()
            throw error
        }
    }
}

/// The indexes of the xorbs that a file's terms named last: terms name the same ones in turn.
private struct XorbIndexCache {
    private static let limit = 32

    let directory: XorbDirectory
    private var known: [XetHash: XorbIndex] = [:]
    private var order: [XetHash] = []

    init(directory: XorbDirectory) { self.directory = directory }

    mutating func index(of name: XetHash) throws -> XorbIndex? {
        if let index = known[name] { return index }
        guard let index = try directory.open(name)?.index else { return nil }
        if order.count == Self.limit { known[order.removeFirst()] = nil }
        order.append(name)
        known[name] = index
        return index
    }
}
