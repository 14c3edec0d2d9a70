/// A name in Xet's storage: the 32 bytes that identify a chunk, a xorb, a file or a range of chunks.
package struct XetHash: Hashable, Sendable {
    // Four integers and not a vector: with Swift 6.3.1, code that held a vector of 32 bytes over a suspension damaged
    // the heap in every run of one test, and with integers it does not. Why is not known for certain.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The bytes as four integers, each least significant byte first.
    var words: SIMD4<UInt64> { SIMD4(first, second, third, fourth) }

    init(words: SIMD4<UInt64>) { (first, second, third, fourth) = (words[0], words[1], words[2], words[3]) }

    /// 32 zero bytes: the hash of no chunks at all.
    package static let zero = XetHash(words: .zero)

    /// 32 times 0xFF: what ends a section of a shard.
    static let bookend = XetHash(words: SIMD4(repeating: .max))

    /// Takes exactly 32 bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == BLAKE3.digestBytes else { return nil }
        var words = SIMD4<UInt64>.zero
        for (index, byte) in bytes.enumerated() {
            words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
        }
        self.init(words: words)
    }

    /// Takes the text form: 64 lower-case hexadecimal digits, four integers of 16 digits each. So the digits of the
    /// bytes stand in another order than usual: every eight bytes are turned around.
    package init?(_ text: String) {
        guard text.utf8.count == 64 else { return nil }
        var words = SIMD4<UInt64>.zero
        for (index, digit) in text.utf8.enumerated() {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            words[index / 16] = words[index / 16] << 4 | UInt64(value)
        }
        self.init(words: words)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(BLAKE3.digestBytes)
        for index in 0..<4 {
            var word = words[index]
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return bytes
    }

    /// The text form, as in addresses and JSON.
    package var text: String { String(decoding: textBytes, as: UTF8.self) }

    /// The text form in ASCII.
    var textBytes: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for index in 0..<4 {
            for shift in stride(from: 60 as UInt64, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: words[index] >> shift) & 15
                text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
        return text
    }
}

extension XetHash: CustomStringConvertible {
    package var description: String { text }
}
