/// Reads a xorb as it arrives: append bytes, take chunks until there is none, and finish. Each chunk is decompressed
/// and named; the xorb's own name comes out at the end. Nothing is trusted: no length makes it hold more than a chunk
/// beyond what the caller appends.
///
/// Pure, and as slow as hashing: call it on a worker, not on an event loop.
/// - SeeAlso: the Xet xorb specification.
package struct XorbReader: Sendable {
    private static let footerMark = Array("XETBLOB".utf8)

    private let limits: XorbLimits
    private var buffer: [UInt8] = []
    private var position = 0
    /// Bytes of the xorb before `position`.
    private var offset: Int64 = 0
    private var chunks: [XorbChunk] = []
    private var tree = XetMerkleTree()
    private var footer: Footer?
    private var failure: HubError?

    /// What is known of the footer: only how long it is, and the last bytes, which say the same.
    private struct Footer {
        let start: Int64
        var tail: [UInt8] = []
    }

    package init(limits: XorbLimits = XorbLimits()) {
        self.limits = limits
    }

    /// Adds bytes of the xorb.
    package mutating func append(_ bytes: [UInt8]) {
        if position == buffer.count {
            buffer = bytes
        } else {
            buffer.removeFirst(position)
            buffer.append(contentsOf: bytes)
        }
        position = 0
    }

    /// The next chunk, with its bytes; nil until more are appended. A failure is final.
    /// - Throws: `bad-request`, `unprocessable`, `payload-too-large`.
    package mutating func next() throws -> (chunk: XorbChunk, bytes: [UInt8])? {
        if let failure { throw failure }
        do {
            return try take()
        } catch let error as HubError {
            failure = error
            throw error
        }
    }

    /// What the xorb holds, once all bytes are appended and all chunks taken.
    /// - Throws: `bad-request` when it ends inside a chunk, has none, or has a footer that does not fit.
    package mutating func finish() throws -> XorbIndex {
        while try next() != nil {}
        guard position == buffer.count else {
            throw XetFailure.malformed("xorb", at: offset, "it ends inside a chunk")
        }
        guard !chunks.isEmpty else { throw XetFailure.malformed("xorb", at: 0, "it has no chunks") }
        let end = footer?.start ?? offset
        if let footer { try check(footer) }
        return XorbIndex(chunks: chunks, hash: tree.xorbHash, storedBytes: end, footerBytes: offset - end)
    }

    private mutating func take() throws -> (chunk: XorbChunk, bytes: [UInt8])? {
        if footer != nil {
            try skipFooter()
            return nil
        }
        let size = XorbChunkHeader.byteCount
        guard buffer.count - position >= size else { return nil }
        if buffer[position..<(position + Self.footerMark.count)].elementsEqual(Self.footerMark) {
            footer = Footer(start: offset)
            try skipFooter()
            return nil
        }
        let header = try buffer.withUnsafeBytes { bytes in
            try XorbChunkHeader(
                UnsafeRawBufferPointer(rebasing: bytes[position..<(position + size)]), at: offset, limits: limits)
        }
        let stored = size + header.storedBytes
        guard chunks.count < limits.chunks else {
            throw XetFailure.tooLarge("xorb", at: offset, "it has more than \(limits.chunks) chunks")
        }
        guard Int64(stored) <= limits.storedBytes - offset else {
            throw XetFailure.tooLarge("xorb", at: offset, "its chunks have more than \(limits.storedBytes) bytes")
        }
        guard buffer.count - position >= stored else { return nil }
        let content = try buffer.withUnsafeBytes { bytes in
            try header.decode(
                UnsafeRawBufferPointer(rebasing: bytes[(position + size)..<(position + stored)]),
                at: offset + Int64(size))
        }
        let chunk = XorbChunk(
            hash: XetHash(chunk: content), offset: offset, storedBytes: stored, contentBytes: content.count)
        chunks.append(chunk)
        tree.append(chunk.hash, bytes: chunk.contentBytes)
        position += stored
        offset += Int64(stored)
        return (chunk, content)
    }

    private mutating func skipFooter() throws {
        guard var footer else { return }
        footer.tail = (footer.tail + buffer[position...].suffix(4)).suffix(4)
        offset += Int64(buffer.count - position)
        (buffer, position) = ([], 0)
        self.footer = footer
        guard offset - footer.start <= limits.footerBytes else {
            throw XetFailure.tooLarge("xorb", at: offset, "its footer has more than \(limits.footerBytes) bytes")
        }
    }

    /// The last four bytes of a footer are its length without them.
    private func check(_ footer: Footer) throws {
        let length = footer.tail.reversed().reduce(0 as Int64) { $0 << 8 | Int64($1) }
        guard footer.tail.count == 4, length == offset - footer.start - 4 else {
            throw XetFailure.malformed(
                "xorb", at: footer.start, "its footer has \(offset - footer.start) bytes and says \(length) and 4")
        }
    }
}
