import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The hash of a leaf or of a subtree: 32 bytes.
///
/// - SeeAlso: RFC 9162 §2.1.1. Leaves and inner nodes are hashed with different first bytes, so that neither can be
///   passed off as the other.
package struct MerkleHash: Sendable, Hashable {
    package let bytes: [UInt8]

    /// Nil for anything but 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Nil for anything but 64 lower-case hexadecimal digits.
    package init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// Nil for anything but the base64 of 32 bytes.
    package init?(base64 text: String) {
        guard let data = Data(base64Encoded: text) else { return nil }
        self.init(bytes: Array(data))
    }

    private init(_ digest: SHA256Digest) { bytes = Array(digest) }

    /// The hash of a leaf.
    package init(leaf: [UInt8]) { self.init(SHA256.hash(data: [0] + leaf)) }

    /// The hash of the subtree over two others.
    package init(left: MerkleHash, right: MerkleHash) { self.init(SHA256.hash(data: [1] + left.bytes + right.bytes)) }

    /// The root of the tree without leaves.
    package static let empty = MerkleHash(SHA256.hash(data: [UInt8]()))

    /// 64 lower-case hexadecimal digits.
    package var hex: String { Hexadecimal.encode(bytes) }

    package var base64: String { Data(bytes).base64EncodedString() }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
