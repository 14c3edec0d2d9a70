/// The descriptor at the start of an LZ4 frame.
struct LZ4FrameHeader {
    /// Whether a block may copy from the blocks before it.
    let isLinked: Bool
    let hasBlockChecksums: Bool
    let hasContentChecksum: Bool
    /// Bytes that come out of the frame, when it says so.
    let contentSize: UInt64?
    /// The most bytes of a block, compressed or not.
    let blockMaximum: Int

    private static let magic: UInt32 = 0x184D_2204

    init(_ cursor: inout LZ4FrameCursor) throws {
        let magic = try cursor.integer("the magic number")
        guard magic == Self.magic else {
            throw cursor.malformed("the magic number is \(Self.hexadecimal(magic)), not that of an LZ4 frame")
        }
        let start = cursor.position
        let flags = try cursor.byte("the flags")
        let sizes = try cursor.byte("the block size")
        guard flags >> 6 == 1 else { throw cursor.malformed("LZ4 frame version \(flags >> 6); only 1 is known") }
        guard flags & 0x02 == 0, sizes & 0x8F == 0 else {
            throw cursor.malformed("reserved bits of the LZ4 frame are set")
        }
        guard flags & 0x01 == 0 else { throw cursor.malformed("the LZ4 frame needs a dictionary") }
        isLinked = flags & 0x20 == 0
        hasBlockChecksums = flags & 0x10 != 0
        hasContentChecksum = flags & 0x04 != 0
        switch sizes >> 4 {
        case 4: blockMaximum = 64 << 10
        case 5: blockMaximum = 256 << 10
        case 6: blockMaximum = 1 << 20
        case 7: blockMaximum = 4 << 20
        default: throw cursor.malformed("LZ4 block size code \(sizes >> 4); 4 to 7 are known")
        }
        if flags & 0x08 != 0 {
            let low = try cursor.integer("the content size")
            let high = try cursor.integer("the content size")
            contentSize = UInt64(high) << 32 | UInt64(low)
        } else {
            contentSize = nil
        }
        let expected = UInt8(truncatingIfNeeded: XXHash32.hash(cursor.slice(from: start)) >> 8)
        guard try cursor.byte("the header checksum") == expected else {
            throw cursor.contradicts("the LZ4 header's checksum is wrong")
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }
}
