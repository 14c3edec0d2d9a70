/// The checksum of LZ4 frames: XXH32 with seed 0. No protection against intent.
/// - SeeAlso: the xxHash specification, "XXH32 Algorithm Description".
enum XXHash32 {
    private static let prime1: UInt32 = 0x9E37_79B1
    private static let prime2: UInt32 = 0x85EB_CA77
    private static let prime3: UInt32 = 0xC2B2_AE3D
    private static let prime4: UInt32 = 0x27D4_EB2F
    private static let prime5: UInt32 = 0x1656_67B1

    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let count = bytes.count
        var offset = 0
        var hash = prime5
        if count >= 16 {
            var (a, b, c, d) = (prime1 &+ prime2, prime2, 0 as UInt32, 0 &- prime1)
            while count - offset >= 16 {
                a = round(a, word(bytes, offset))
                b = round(b, word(bytes, offset + 4))
                c = round(c, word(bytes, offset + 8))
                d = round(d, word(bytes, offset + 12))
                offset += 16
            }
            hash = turned(a, 1) &+ turned(b, 7) &+ turned(c, 12) &+ turned(d, 18)
        }
        hash &+= UInt32(truncatingIfNeeded: count)
        while count - offset >= 4 {
            hash = turned(hash &+ word(bytes, offset) &* prime3, 17) &* prime4
            offset += 4
        }
        while offset < count {
            hash = turned(hash &+ UInt32(bytes[offset]) &* prime5, 11) &* prime1
            offset += 1
        }
        hash = (hash ^ hash >> 15) &* prime2
        hash = (hash ^ hash >> 13) &* prime3
        return hash ^ hash >> 16
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    private static func round(_ lane: UInt32, _ word: UInt32) -> UInt32 {
        turned(lane &+ word &* prime2, 13) &* prime1
    }

    @inline(__always)
    private static func turned(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value &<< count | value &>> (32 &- count)
    }
}
