/// An IP address written as a literal, and what kind of network it lies in.
struct NetworkAddress: Sendable, Equatable {
    enum Reach: Sendable {
        /// Link-local, metadata services, unspecified, multicast: never an upstream.
        case forbidden
        /// Loopback and private networks: only with `allowPrivate`.
        case local
        case world
    }

    /// 4 or 16 bytes.
    let bytes: [UInt8]

    /// Names by which cloud machines reach their metadata service.
    static let metadataNames: Set<String> = [
        "metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal",
    ]

    /// - Parameter literal: dotted decimal IPv4, or IPv6 without brackets.
    init?(literal: String) {
        if let four = Self.four(literal) {
            bytes = four
        } else if let sixteen = Self.sixteen(literal) {
            bytes = sixteen
        } else {
            return nil
        }
    }

    /// Where a host name or address literal reaches; names other than local ones count as the world.
    static func reach(ofHost host: String) -> Reach {
        let name = host.lowercased()
        if metadataNames.contains(name) { return .forbidden }
        if name == "localhost" || name.hasSuffix(".localhost") { return .local }
        return NetworkAddress(literal: name)?.reach ?? .world
    }

    var reach: Reach {
        bytes.count == 4 ? Self.reach(four: bytes) : reachOfSixteen
    }

    private var reachOfSixteen: Reach {
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            return Self.reach(four: Array(bytes.suffix(4)))
        }
        if bytes.prefix(15).allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .local : .forbidden }
        if bytes[0] == 0xFF || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80) { return .forbidden }
        // fd00:ec2::254 is Amazon's metadata service inside the unique-local range.
        if bytes == [0xFD, 0, 0x0E, 0xC2] + [UInt8](repeating: 0, count: 10) + [0x02, 0x54] { return .forbidden }
        return bytes[0] & 0xFE == 0xFC ? .local : .world
    }

    private static func reach(four bytes: [UInt8]) -> Reach {
        switch (bytes[0], bytes[1]) {
        case (0, _), (169, 254), (224..., _): .forbidden
        case (100, 100) where bytes[2] == 100 && bytes[3] == 200: .forbidden
        case (127, _), (10, _), (192, 168), (172, 16...31), (100, 64...127), (198, 18...19): .local
        default: .world
        }
    }

    private static func four(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero means octal to some resolvers.
            guard part.allSatisfy({ $0.isASCII && $0.isNumber }), part.count == 1 || !part.hasPrefix("0"),
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func sixteen(_ text: String) -> [UInt8]? {
        guard text.contains(":"), text.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") }) else {
            return nil
        }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false).map(String.init)
        guard halves.count <= 2, let head = groups(halves[0]) else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        guard let tail = groups(halves[1]), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: String) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard index == parts.count - 1, let four = four(String(part)) else { return nil }
                bytes += four
                continue
            }
            guard (1...4).contains(part.count), let group = UInt16(part, radix: 16) else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes
    }
}
