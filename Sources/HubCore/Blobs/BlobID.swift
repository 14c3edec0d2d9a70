import Crypto

/// A blob's name: the SHA-256 of its bytes.
package struct BlobID: Hashable, Sendable {
    /// 64 lower-case hexadecimal digits.
    package let hex: String

    /// Takes exactly 64 lower-case hexadecimal digits; anything else is no name, and so never becomes a path.
    package init?(_ hex: String) {
        let digits = hex.utf8
        guard digits.count == 64, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        self.hex = hex
    }

    /// Takes the 32 bytes of a digest.
    package init?(digest bytes: some Sequence<UInt8>) {
        self.init(Hexadecimal.encode(bytes))
    }

    /// The name of the blob that holds `bytes`.
    package init(hashing bytes: [UInt8]) {
        self.init(SHA256.hash(data: bytes))
    }

    init(_ digest: SHA256Digest) {
        hex = Hexadecimal.encode(digest)
    }
}

extension BlobID: CustomStringConvertible {
    package var description: String { hex }
}
