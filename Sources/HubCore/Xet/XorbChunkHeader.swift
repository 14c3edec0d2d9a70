/// The eight bytes in front of each chunk of a xorb: how it is compressed and how long it is, before and after.
/// - SeeAlso: the Xet xorb specification, "Chunk Header Structure".
package struct XorbChunkHeader: Hashable, Sendable {
    package enum Compression: UInt8, Sendable {
        case none = 0
        /// An LZ4 frame.
        case lz4 = 1
        /// An LZ4 frame of bytes in the order of `ByteGrouping`.
        case groupedLZ4 = 2
    }

    /// Bytes of a header.
    package static let byteCount = 8

    package let compression: Compression
    /// Bytes behind the header in the xorb.
    package let storedBytes: Int
    /// Bytes of the chunk itself.
    package let contentBytes: Int

    /// Takes the eight bytes of a header.
    /// - Parameter offset: where they are in the xorb.
    /// - Throws: `bad-request` when they are no header or the chunk is longer than `limits` allow.
    package init(_ bytes: UnsafeRawBufferPointer, at offset: Int64, limits: XorbLimits = XorbLimits()) throws {
        guard bytes.count >= Self.byteCount else {
            throw XetFailure.malformed("xorb", at: offset, "it ends inside a chunk's header")
        }
        guard bytes[0] == 0 else {
            throw XetFailure.malformed("xorb", at: offset, "chunk header version \(bytes[0]); only 0 is known")
        }
        guard let compression = Compression(rawValue: bytes[4]) else {
            throw XetFailure.malformed("xorb", at: offset, "compression scheme \(bytes[4]); 0 to 2 are known")
        }
        let stored = Int(bytes[1]) | Int(bytes[2]) << 8 | Int(bytes[3]) << 16
        let content = Int(bytes[5]) | Int(bytes[6]) << 8 | Int(bytes[7]) << 16
        guard content > 0, content <= limits.chunkBytes else {
            throw XetFailure.malformed(
                "xorb", at: offset, "a chunk of \(content) bytes; it may have 1 to \(limits.chunkBytes)")
        }
        // Xet's own reader allows that compression makes a chunk longer, up to twice the limit.
        guard stored > 0, stored <= limits.chunkBytes * 2 else {
            throw XetFailure.malformed("xorb", at: offset, "a chunk compressed to \(stored) bytes")
        }
        guard compression != .none || stored == content else {
            throw XetFailure.malformed(
                "xorb", at: offset, "an uncompressed chunk of \(content) bytes with \(stored) bytes of data")
        }
        self.compression = compression
        storedBytes = stored
        contentBytes = content
    }

    /// The header of a chunk that is stored as it is.
    /// - Parameter count: its bytes, fewer than 16 MiB.
    package static func uncompressed(_ count: Int) -> [UInt8] {
        let length = (0..<3).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        return [0] + length + [Compression.none.rawValue] + length
    }

    /// The chunk in `data`, the bytes behind the header.
    /// - Parameter offset: where `data` is in the xorb.
    /// - Throws: `bad-request` or `unprocessable` when it is not what the header says.
    package func decode(_ data: UnsafeRawBufferPointer, at offset: Int64) throws -> [UInt8] {
        let bytes: [UInt8]
        switch compression {
        case .none: bytes = Array(data)
        case .lz4: bytes = try LZ4Frame.decode(data, maximum: contentBytes, offset: offset)
        case .groupedLZ4:
            bytes = ByteGrouping.ungrouped(try LZ4Frame.decode(data, maximum: contentBytes, offset: offset))
        }
        guard bytes.count == contentBytes else {
            throw XetFailure.contradicts(
                "xorb", at: offset, "the chunk has \(bytes.count) bytes, its header says \(contentBytes)")
        }
        return bytes
    }
}
