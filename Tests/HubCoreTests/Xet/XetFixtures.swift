import Foundation
import HubCore

/// What the tests of Xet share: recorded uploads, writers for what no client would send, and damage.
enum XetFixtures {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/xet")

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    /// A xorb that holds these chunks uncompressed.
    static func xorb(_ chunks: [[UInt8]]) -> [UInt8] {
        chunks.flatMap { chunk in
            let length = [UInt8(chunk.count & 255), UInt8(chunk.count >> 8 & 255), UInt8(chunk.count >> 16 & 255)]
            return [0] + length + [0] + length + chunk
        }
    }

    /// A footer as older clients append it.
    static func footer(of index: XorbIndex) -> [UInt8] {
        func integers(_ values: [Int64]) -> [UInt8] { values.flatMap { littleEndian(UInt32(truncatingIfNeeded: $0)) } }
        let count = Int64(index.chunks.count)
        var info = Array("XETBLOB".utf8) + [1] + index.hash.bytes
        info += Array("XBLBHSH".utf8) + [0] + integers([count]) + index.chunks.flatMap(\.hash.bytes)
        info += Array("XBLBBND".utf8) + [1] + integers([count])
        info += integers(index.chunks.map { $0.offset + Int64($0.storedBytes) })
        info += integers(index.chunks.map { Int64($0.contentBytes) })
        info += integers([count, 0, 0]) + [UInt8](repeating: 7, count: 16)
        return info + littleEndian(UInt32(info.count))
    }

    static func littleEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// The bytes in pieces of random length.
    static func pieces(
        of bytes: [UInt8], upTo limit: Int, using generator: inout XetGenerator
    ) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let count = Int.random(in: 1...limit, using: &generator)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    /// The bytes with some of them changed, cut out or put in.
    static func damaged(_ bytes: [UInt8], using generator: inout XetGenerator) -> [UInt8] {
        var damaged = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !damaged.isEmpty {
            let place = Int.random(in: 0..<damaged.count, using: &generator)
            switch Int.random(in: 0...5, using: &generator) {
            case 0: damaged.removeLast(damaged.count - place)
            case 1: damaged.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 2: damaged.remove(at: place)
            case 3: damaged[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
            default: damaged[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            }
        }
        return damaged
    }
}

/// SplitMix64: the same seed gives the same test.
struct XetGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
