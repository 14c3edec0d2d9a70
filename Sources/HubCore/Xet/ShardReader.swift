/// Reads a shard as it arrives: append bytes, take files and xorbs until there is none, and finish.
///
/// A shard is a header, the files with their terms, and the xorbs with their chunks. A footer, which some clients append
/// although they should not, is skipped. Holds the file or xorb in progress beyond what the caller appends; no count in
/// the shard makes it reserve memory.
/// - SeeAlso: the Xet shard specification.
package struct ShardReader: Sendable {
    package enum Item: Hashable, Sendable {
        case file(ShardFile)
        case xorb(ShardXorb)
    }

    /// What the next record is.
    private enum Section: Sendable {
        case header
        case fileHeader
        case term
        case verification
        case metadata
        case xorbHeader
        case chunk
        case footer
    }

    private let limits: ShardLimits
    private var buffer: [UInt8] = []
    private var position = 0
    /// Bytes of the shard before `position`.
    private var offset: Int64 = 0
    private var section = Section.header
    private var file = PartialShardFile()
    private var xorb = PartialShardXorb()
    /// Chunks in the terms of all files so far.
    private var termChunks = 0
    /// Bytes of the footer, as the header says; and where it begins, once it does.
    private var footerBytes: UInt64 = 0
    private var footerStart: Int64 = 0
    private var failure: HubError?

    package init(limits: ShardLimits = ShardLimits()) {
        self.limits = limits
    }

    /// Reads a whole shard.
    /// - Throws: `bad-request`, `payload-too-large`.
    package static func items(in bytes: [UInt8], limits: ShardLimits = ShardLimits()) throws -> [Item] {
        var reader = ShardReader(limits: limits)
        reader.append(bytes)
        var items: [Item] = []
        while let item = try reader.next() { items.append(item) }
        try reader.finish()
        return items
    }

    /// Adds bytes of the shard.
    package mutating func append(_ bytes: [UInt8]) {
        if position == buffer.count {
            buffer = bytes
        } else {
            buffer.removeFirst(position)
            buffer.append(contentsOf: bytes)
        }
        position = 0
    }

    /// The next file or xorb, in the order of the shard: all files come first. Nil until more bytes are appended.
    /// A failure is final.
    /// - Throws: `bad-request`, `payload-too-large`.
    package mutating func next() throws -> Item? {
        if let failure { throw failure }
        do {
            while section != .footer {
                let record = buffer.withUnsafeBytes { ShardRecord(UnsafeRawBufferPointer(rebasing: $0[position...])) }
                guard let record else { return nil }
                guard offset <= limits.bytes - Int64(ShardRecord.byteCount) else { throw tooLarge }
                let item = try take(record)
                position += ShardRecord.byteCount
                offset += Int64(ShardRecord.byteCount)
                if section == .footer { footerStart = offset }
                if let item { return item }
            }
            try skipFooter()
            return nil
        } catch let error as HubError {
            failure = error
            throw error
        }
    }

    /// Checks that the shard is whole, once all bytes are appended and all items taken.
    /// - Throws: `bad-request` when it is not.
    package mutating func finish() throws {
        guard try next() == nil else { throw malformed("not all of it was taken") }
        guard section == .footer, position == buffer.count else { throw malformed("it ends too early") }
        let footer = UInt64(offset - footerStart)
        // A client that leaves the footer away may have left its length in the header.
        guard footer == 0 || footer == footerBytes else { throw malformed("it ends inside its footer") }
    }

    /// Reads one record, and gives what it completes.
    private mutating func take(_ record: ShardRecord) throws -> Item? {
        switch section {
        case .header: try takeHeader(record)
        case .fileHeader:
            if record.isBookend {
                section = .xorbHeader
                return nil
            }
            file = try PartialShardFile(record, at: offset, room: roomForRecords)
            section = file.isTermExpected ? .term : .metadata
            // A file without bytes has no terms, and perhaps no metadata either.
            if !file.isTermExpected, !file.hasMetadata { return finishFile() }
        case .term:
            termChunks += try file.take(term: record, at: offset, limits: limits.xorb)
            guard termChunks <= limits.termChunks else {
                throw XetFailure.tooLarge("shard", at: offset, "its terms have more than \(limits.termChunks) chunks")
            }
            if file.isTermExpected { return nil }
            if file.hasVerification {
                section = .verification
            } else if file.hasMetadata {
                section = .metadata
            } else {
                return finishFile()
            }
        case .verification:
            file.take(verification: record)
            if file.isVerificationExpected { return nil }
            if !file.hasMetadata { return finishFile() }
            section = .metadata
        case .metadata:
            file.take(metadata: record)
            return finishFile()
        case .xorbHeader:
            if record.isBookend {
                section = .footer
                return nil
            }
            xorb = try PartialShardXorb(record, at: offset, room: roomForRecords, limits: limits.xorb)
            section = .chunk
        case .chunk:
            try xorb.take(chunk: record, at: offset, limits: limits.xorb)
            guard let whole = xorb.whole else { return nil }
            section = .xorbHeader
            return .xorb(whole)
        case .footer: break
        }
        return nil
    }

    private mutating func finishFile() -> Item {
        section = .fileHeader
        return .file(file.whole)
    }

    private mutating func takeHeader(_ record: ShardRecord) throws {
        guard record.hash == ShardRecord.magic else { throw malformed("it does not begin like a shard") }
        let (version, footer) = record.longs
        guard version == 2 else { throw malformed("shard version \(version); only 2 is known") }
        guard footer <= 1024 else { throw malformed("a footer of \(footer) bytes; it has 200") }
        footerBytes = footer
        section = .fileHeader
    }

    private mutating func skipFooter() throws {
        offset += Int64(buffer.count - position)
        (buffer, position) = ([], 0)
        guard UInt64(offset - footerStart) <= footerBytes else {
            throw malformed("there are bytes behind the end of the shard")
        }
    }

    /// Records that may follow the one being read.
    private var roomForRecords: Int64 { (limits.bytes - offset) / Int64(ShardRecord.byteCount) - 1 }

    private var tooLarge: HubError {
        XetFailure.tooLarge("shard", at: offset, "it has more than \(limits.bytes) bytes")
    }

    private func malformed(_ what: String) -> HubError { XetFailure.malformed("shard", at: offset, what) }
}
