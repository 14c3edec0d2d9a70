import Crypto

/// The name of a git object: its SHA-1, 20 bytes.
package struct ObjectID: Hashable, Sendable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Reads 40 hexadecimal digits of either case.
    package init?(_ hex: String) {
        self.init(hexDigits: hex.utf8)
    }

    /// Reads 40 hexadecimal digits of either case from ASCII bytes.
    package init?(hexDigits: some Collection<UInt8>) {
        guard hexDigits.count == 40 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        var pending: UInt8?
        for digit in hexDigits {
            guard let value = Self.value(ofDigit: digit) else { return nil }
            if let first = pending {
                bytes.append(first << 4 | value)
                pending = nil
            } else {
                pending = value
            }
        }
        self.init(bytes: bytes)
    }

    /// Takes the 20 bytes of a SHA-1.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 20 else { return nil }
        high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        middle = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[16..<20].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private init() {
        high = 0
        middle = 0
        low = 0
    }

    /// Forty zeros: "no object" in ref updates.
    package static let zero = ObjectID()

    /// The 20 bytes of the SHA-1.
    package var bytes: [UInt8] {
        withUnsafeBytes(of: high.bigEndian) { Array($0) }
            + withUnsafeBytes(of: middle.bigEndian) { Array($0) }
            + withUnsafeBytes(of: low.bigEndian) { Array($0) }
    }

    /// Forty lower-case hexadecimal digits.
    package var hex: String {
        String(unsafeUninitializedCapacity: 40) { buffer in
            var position = 0
            for byte in bytes {
                buffer[position] = Self.digit(of: byte >> 4)
                buffer[position + 1] = Self.digit(of: byte & 0x0F)
                position += 2
            }
            return position
        }
    }

    /// The id git gives a blob of these bytes: SHA-1 over `blob <length>\0<bytes>`.
    package static func blob(of bytes: [UInt8]) -> ObjectID {
        var hash = Insecure.SHA1()
        hash.update(data: Array("blob \(bytes.count)\0".utf8))
        hash.update(data: bytes)
        return ObjectID(bytes: Array(hash.finalize())) ?? .zero
    }

    private static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func digit(of value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension ObjectID: Comparable {
    package static func < (left: ObjectID, right: ObjectID) -> Bool {
        (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }
}

extension ObjectID: CustomStringConvertible {
    package var description: String { hex }
}

/// The id of a commit object.
package typealias CommitID = ObjectID
