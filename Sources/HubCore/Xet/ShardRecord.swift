/// The 48 bytes that everything in a shard is made of: a hash and four integers, or less.
struct ShardRecord {
    static let byteCount = 48
    /// The 32 bytes a shard begins with: "HFRepoMetaData", a zero and 17 bytes without meaning.
    static let magic = XetHash(
        words: SIMD4(0x654D_6F70_6552_4648, 0x5500_6174_6144_6174, 0x8357_817B_6A45_6769, 0xA94A_D1CD_5CD9_BDA5))

    let hash: XetHash
    let first: UInt32
    let second: UInt32
    let third: UInt32
    let fourth: UInt32

    /// Takes the first 48 bytes of `bytes`; nil when there are fewer.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount else { return nil }
        func long(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        func word(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        hash = XetHash(words: SIMD4(long(0), long(8), long(16), long(24)))
        (first, second, third, fourth) = (word(32), word(36), word(40), word(44))
    }

    /// Whether it ends a section.
    var isBookend: Bool { hash == .bookend }

    /// The four integers as two.
    var longs: (UInt64, UInt64) {
        (UInt64(second) << 32 | UInt64(first), UInt64(fourth) << 32 | UInt64(third))
    }
}
