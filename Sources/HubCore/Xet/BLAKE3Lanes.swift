/// A machine word, or a vector of them, that BLAKE3's rounds can mix: one value for each chunk hashed side by side.
protocol BLAKE3Lanes {
    static func &+ (left: Self, right: Self) -> Self
    static func ^ (left: Self, right: Self) -> Self
    /// The same 32-bit word in each lane.
    init(word: UInt32)
    /// Each 32-bit lane turned right by `count` bits.
    func rotatedRight(_ count: UInt32) -> Self
}

extension UInt32: BLAKE3Lanes {
    @inline(__always)
    init(word: UInt32) { self = word }

    @inline(__always)
    func rotatedRight(_ count: UInt32) -> UInt32 { (self &>> count) | (self &<< (32 &- count)) }
}

extension SIMD4<UInt32>: BLAKE3Lanes {
    @inline(__always)
    init(word: UInt32) { self.init(repeating: word) }

    // As a product and a sum: written with two shifts, the optimizer of Swift 6.3 sees four scalar rotations, and the
    // hash runs at 190 MB/s. Like this it emits vector shifts, and the hash runs at 1 170 MB/s (x86-64, SSE2).
    @inline(__always)
    func rotatedRight(_ count: UInt32) -> Self { (self &>> count) &+ (self &* Self(repeating: 1 &<< (32 &- count))) }
}

/// The sixteen words of a block.
///
/// Fields instead of an array: the rounds below are straight code, and the compiler keeps the words in registers or at
/// fixed places of the stack.
struct BLAKE3Message<Lanes: BLAKE3Lanes> {
    var m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15: Lanes

    /// The order of the words in the next round.
    @inline(__always)
    var permuted: Self {
        Self(
            m0: m2, m1: m6, m2: m3, m3: m10, m4: m7, m5: m0, m6: m4, m7: m13,
            m8: m1, m9: m11, m10: m12, m11: m5, m12: m9, m13: m14, m14: m15, m15: m8)
    }
}

/// A chaining value: the first half of a compression's output, or its input.
struct BLAKE3Chain<Lanes: BLAKE3Lanes> {
    var c0, c1, c2, c3, c4, c5, c6, c7: Lanes
}

/// The sixteen words of the compression function (BLAKE3 specification §2.2).
struct BLAKE3State<Lanes: BLAKE3Lanes> {
    private var v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15: Lanes

    @inline(__always)
    init(chain: BLAKE3Chain<Lanes>, counterLow: Lanes, counterHigh: Lanes, length: UInt32, flags: UInt32) {
        (v0, v1, v2, v3) = (chain.c0, chain.c1, chain.c2, chain.c3)
        (v4, v5, v6, v7) = (chain.c4, chain.c5, chain.c6, chain.c7)
        v8 = Lanes(word: 0x6A09_E667)
        v9 = Lanes(word: 0xBB67_AE85)
        v10 = Lanes(word: 0x3C6E_F372)
        v11 = Lanes(word: 0xA54F_F53A)
        v12 = counterLow
        v13 = counterHigh
        v14 = Lanes(word: length)
        v15 = Lanes(word: flags)
    }

    /// The first half of the output, which is the next chaining value.
    @inline(__always)
    var chain: BLAKE3Chain<Lanes> {
        BLAKE3Chain(
            c0: v0 ^ v8, c1: v1 ^ v9, c2: v2 ^ v10, c3: v3 ^ v11,
            c4: v4 ^ v12, c5: v5 ^ v13, c6: v6 ^ v14, c7: v7 ^ v15)
    }

    /// All seven rounds.
    @inline(__always)
    mutating func mix(_ block: BLAKE3Message<Lanes>) {
        var message = block
        round(message)
        message = message.permuted
        round(message)
        message = message.permuted
        round(message)
        message = message.permuted
        round(message)
        message = message.permuted
        round(message)
        message = message.permuted
        round(message)
        message = message.permuted
        round(message)
    }

    @inline(__always)
    private mutating func round(_ m: BLAKE3Message<Lanes>) {
        Self.quarter(&v0, &v4, &v8, &v12, m.m0, m.m1)
        Self.quarter(&v1, &v5, &v9, &v13, m.m2, m.m3)
        Self.quarter(&v2, &v6, &v10, &v14, m.m4, m.m5)
        Self.quarter(&v3, &v7, &v11, &v15, m.m6, m.m7)
        Self.quarter(&v0, &v5, &v10, &v15, m.m8, m.m9)
        Self.quarter(&v1, &v6, &v11, &v12, m.m10, m.m11)
        Self.quarter(&v2, &v7, &v8, &v13, m.m12, m.m13)
        Self.quarter(&v3, &v4, &v9, &v14, m.m14, m.m15)
    }

    @inline(__always)
    private static func quarter(
        _ a: inout Lanes, _ b: inout Lanes, _ c: inout Lanes, _ d: inout Lanes, _ x: Lanes, _ y: Lanes
    ) {
        a = a &+ b &+ x
        d = (d ^ a).rotatedRight(16)
        c = c &+ d
        b = (b ^ c).rotatedRight(12)
        a = a &+ b &+ y
        d = (d ^ a).rotatedRight(8)
        c = c &+ d
        b = (b ^ c).rotatedRight(7)
    }
}
