/// BLAKE3's compression of blocks and chunks (BLAKE3 specification §2.2 to §2.4): one block, or four chunks at once.
enum BLAKE3Compression {
    /// Bytes of a block, the unit of compression.
    static let blockBytes = 64
    /// Bytes of a chunk, the leaf of the tree.
    static let chunkBytes = 1024
    /// Chunks that `chunks` hashes at once.
    static let lanes = 4

    static let chunkStart: UInt32 = 1 << 0
    static let chunkEnd: UInt32 = 1 << 1
    static let parent: UInt32 = 1 << 2
    static let root: UInt32 = 1 << 3
    static let keyedHash: UInt32 = 1 << 4

    /// Compresses one block at `block`, which has 64 readable bytes.
    /// - Parameters:
    ///   - length: bytes of input in the block; the rest are zeros.
    @inline(__always)
    static func block(
        _ block: UnsafeRawPointer, chain: SIMD8<UInt32>, counter: UInt64, length: Int, flags: UInt32
    ) -> SIMD8<UInt32> {
        compress(message(at: block), chain: chain, counter: counter, length: length, flags: flags)
    }

    /// The chaining value of the node above `left` and `right`.
    static func parent(
        _ left: SIMD8<UInt32>, _ right: SIMD8<UInt32>, key: SIMD8<UInt32>, flags: UInt32
    ) -> SIMD8<UInt32> {
        let message = BLAKE3Message(
            m0: left[0], m1: left[1], m2: left[2], m3: left[3], m4: left[4], m5: left[5], m6: left[6], m7: left[7],
            m8: right[0], m9: right[1], m10: right[2], m11: right[3],
            m12: right[4], m13: right[5], m14: right[6], m15: right[7])
        return compress(message, chain: key, counter: 0, length: blockBytes, flags: flags | parent)
    }

    private static func compress(
        _ message: BLAKE3Message<UInt32>, chain: SIMD8<UInt32>, counter: UInt64, length: Int, flags: UInt32
    ) -> SIMD8<UInt32> {
        var state = BLAKE3State<UInt32>(
            chain: BLAKE3Chain(
                c0: chain[0], c1: chain[1], c2: chain[2], c3: chain[3],
                c4: chain[4], c5: chain[5], c6: chain[6], c7: chain[7]),
            counterLow: UInt32(truncatingIfNeeded: counter), counterHigh: UInt32(truncatingIfNeeded: counter >> 32),
            length: UInt32(truncatingIfNeeded: length), flags: flags)
        state.mix(message)
        let out = state.chain
        return SIMD8(out.c0, out.c1, out.c2, out.c3, out.c4, out.c5, out.c6, out.c7)
    }

    /// Hashes the four whole chunks at `input`, which has 4096 readable bytes, side by side in vector registers.
    /// - Parameter counter: the index of the first.
    /// - Returns: their chaining values in order.
    static func chunks(
        _ input: UnsafeRawPointer, key: SIMD8<UInt32>, counter: UInt64, flags: UInt32
    ) -> (SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>) {
        typealias Lanes = SIMD4<UInt32>
        var chain = BLAKE3Chain(
            c0: Lanes(word: key[0]), c1: Lanes(word: key[1]), c2: Lanes(word: key[2]), c3: Lanes(word: key[3]),
            c4: Lanes(word: key[4]), c5: Lanes(word: key[5]), c6: Lanes(word: key[6]), c7: Lanes(word: key[7]))
        let counters = SIMD4<UInt64>(counter, counter &+ 1, counter &+ 2, counter &+ 3)
        let low = Lanes(truncatingIfNeeded: counters)
        let high = Lanes(truncatingIfNeeded: counters &>> 32)
        var offset = 0
        while offset < chunkBytes {
            var blockFlags = flags
            if offset == 0 { blockFlags |= chunkStart }
            if offset == chunkBytes - blockBytes { blockFlags |= chunkEnd }
            var state = BLAKE3State<Lanes>(
                chain: chain, counterLow: low, counterHigh: high, length: UInt32(blockBytes), flags: blockFlags)
            state.mix(columns(input + offset))
            chain = state.chain
            offset += blockBytes
        }
        return (value(of: 0, in: chain), value(of: 1, in: chain), value(of: 2, in: chain), value(of: 3, in: chain))
    }

    @inline(__always)
    private static func value(of lane: Int, in chain: BLAKE3Chain<SIMD4<UInt32>>) -> SIMD8<UInt32> {
        SIMD8(
            chain.c0[lane], chain.c1[lane], chain.c2[lane], chain.c3[lane],
            chain.c4[lane], chain.c5[lane], chain.c6[lane], chain.c7[lane])
    }

    @inline(__always)
    private static func word(_ block: UnsafeRawPointer, _ index: Int) -> UInt32 {
        UInt32(littleEndian: block.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
    }

    @inline(__always)
    private static func message(at block: UnsafeRawPointer) -> BLAKE3Message<UInt32> {
        BLAKE3Message(
            m0: word(block, 0), m1: word(block, 1), m2: word(block, 2), m3: word(block, 3),
            m4: word(block, 4), m5: word(block, 5), m6: word(block, 6), m7: word(block, 7),
            m8: word(block, 8), m9: word(block, 9), m10: word(block, 10), m11: word(block, 11),
            m12: word(block, 12), m13: word(block, 13), m14: word(block, 14), m15: word(block, 15))
    }

    /// Word `index` of the same block of each of the four chunks.
    @inline(__always)
    private static func column(_ block: UnsafeRawPointer, _ index: Int) -> SIMD4<UInt32> {
        SIMD4(
            word(block, index), word(block + chunkBytes, index), word(block + 2 * chunkBytes, index),
            word(block + 3 * chunkBytes, index))
    }

    @inline(__always)
    private static func columns(_ block: UnsafeRawPointer) -> BLAKE3Message<SIMD4<UInt32>> {
        BLAKE3Message(
            m0: column(block, 0), m1: column(block, 1), m2: column(block, 2), m3: column(block, 3),
            m4: column(block, 4), m5: column(block, 5), m6: column(block, 6), m7: column(block, 7),
            m8: column(block, 8), m9: column(block, 9), m10: column(block, 10), m11: column(block, 11),
            m12: column(block, 12), m13: column(block, 13), m14: column(block, 14), m15: column(block, 15))
    }
}
