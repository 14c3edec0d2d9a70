import Foundation

/// An IP address. One of version 4 is the version 6 address that stands for it, so that both compare.
package struct IPAddress: Sendable, Hashable {
    /// 16 bytes.
    let bytes: [UInt8]

    private static let prefixOfFour: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// Reads a literal: `10.0.0.7`, `fd00::1`, `fe80::1%eth0`.
    package init?(_ text: String) {
        guard text.utf8.count <= 64, !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = Self.prefixOfFour + withUnsafeBytes(of: &four) { Array($0.prefix(4)) }
            return
        }
        var six = in6_addr()
        let withoutZone = text.prefix { $0 != "%" }
        guard inet_pton(AF_INET6, String(withoutZone), &six) == 1 else { return nil }
        bytes = withUnsafeBytes(of: &six) { Array($0.prefix(16)) }
    }

    init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    var isFour: Bool { Array(bytes.prefix(12)) == Self.prefixOfFour }

    /// 32 hexadecimal digits, in whose order the addresses stand.
    var hex: String { Hexadecimal.encode(bytes) }

    /// The network that one person can be expected to have all of: /24 of version 4, /64 of version 6.
    var network: String {
        Hexadecimal.encode(bytes.prefix(isFour ? 15 : 8))
    }
}

/// A block of addresses, as `10.0.0.0/8`, `fd00::/8` or one address.
package struct AddressBlock: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    /// The first and the last address.
    let low: IPAddress
    let high: IPAddress

    /// The most a grant may list.
    package static let maximumCount = 32

    package init?(parsing text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = IPAddress(parts[0]), !text.contains("%") else { return nil }
        let width = address.isFour && !parts[0].contains(":") ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]),
                number <= width
            else { return nil }
            length = number
        }
        let fixed = 128 - width + length
        var (first, last) = (address.bytes, address.bytes)
        for bit in fixed..<128 {
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            first[bit / 8] &= ~mask
            last[bit / 8] |= mask
        }
        guard let low = IPAddress(bytes: first), let high = IPAddress(bytes: last) else { return nil }
        self.low = low
        self.high = high
        description = text
    }

    func contains(_ address: IPAddress) -> Bool {
        !address.bytes.lexicographicallyPrecedes(low.bytes) && !high.bytes.lexicographicallyPrecedes(address.bytes)
    }
}
