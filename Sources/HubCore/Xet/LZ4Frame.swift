/// Decodes LZ4 frames, the form in which Xet compresses chunks.
///
/// Blocks may be independent or linked. Checksums, of blocks and of the content, are verified where the frame has them.
/// Dictionaries, skippable frames and the legacy format are not taken: no Xet client writes them.
/// - SeeAlso: the LZ4 frame format description, version 1.6.
package enum LZ4Frame {
    /// Decodes one frame that fills `frame`.
    ///
    /// Needs `maximum` bytes of memory and no more, whatever the frame says. Linear in the bytes.
    /// - Parameters:
    ///   - maximum: the most bytes that may come out.
    ///   - offset: where the frame begins in what the reader of an error knows.
    /// - Throws: `bad-request` when the bytes are no frame or hold more than `maximum`, `unprocessable` when a checksum
    ///   or length of the frame is wrong.
    package static func decode(
        _ frame: UnsafeRawBufferPointer, maximum: Int, offset: Int64 = 0
    ) throws -> [UInt8] {
        var cursor = LZ4FrameCursor(bytes: frame, origin: offset)
        let header = try LZ4FrameHeader(&cursor)
        let room = max(0, maximum)
        return try [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
            let output = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<room])
            let count = try blocks(&cursor, header, into: output)
            try finish(&cursor, header, content: UnsafeRawBufferPointer(rebasing: output[..<count]))
            filled = count
        }
    }

    /// Decodes one frame that fills `frame`, as above.
    package static func decode(_ frame: [UInt8], maximum: Int) throws -> [UInt8] {
        try frame.withUnsafeBytes { try decode($0, maximum: maximum) }
    }

    /// Decodes the blocks up to the end mark.
    /// - Returns: how many bytes of `output` they fill.
    private static func blocks(
        _ cursor: inout LZ4FrameCursor, _ header: LZ4FrameHeader, into output: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        var count = 0
        while true {
            let size = try cursor.integer("a block's size")
            if size == 0 { return count }
            let stored = Int(size & 0x7FFF_FFFF)
            guard stored <= header.blockMaximum else {
                throw cursor.malformed("an LZ4 block of \(stored) bytes, above the frame's \(header.blockMaximum)")
            }
            let start = cursor.position
            let block = try cursor.take(stored, "a block")
            if size & 0x8000_0000 != 0 {
                guard stored <= output.count - count else { throw tooLong(cursor, output.count) }
                UnsafeMutableRawBufferPointer(rebasing: output[count...]).copyMemory(from: block)
                count += stored
            } else {
                do {
                    count = try LZ4Block.decode(
                        block, into: output, from: count, history: header.isLinked ? 0 : count,
                        end: count + min(header.blockMaximum, output.count - count))
                } catch {
                    throw XetFailure.malformed("LZ4 frame", at: cursor.origin + Int64(start + error.offset), error.what)
                }
            }
            if header.hasBlockChecksums {
                try cursor.check(XXHash32.hash(block), "a block's checksum")
            }
        }
    }

    private static func finish(
        _ cursor: inout LZ4FrameCursor, _ header: LZ4FrameHeader, content: UnsafeRawBufferPointer
    ) throws {
        if let size = header.contentSize, size != UInt64(content.count) {
            throw cursor.contradicts("the header says \(size) bytes, the blocks hold \(content.count)")
        }
        if header.hasContentChecksum {
            try cursor.check(XXHash32.hash(content), "the content's checksum")
        }
        guard cursor.isAtEnd else { throw cursor.malformed("there are bytes behind the end of the LZ4 frame") }
    }

    private static func tooLong(_ cursor: LZ4FrameCursor, _ maximum: Int) -> HubError {
        cursor.malformed("the LZ4 frame holds more than the \(maximum) bytes it may")
    }
}
