/// What stands between brackets in a pattern: `[a-z]`, `[!0-9]`, `[[:space:]]`.
struct ByteClass: Sendable, Hashable {
    private var ranges: [ClosedRange<UInt8>] = []
    private var isNegated = false

    func contains(_ byte: UInt8) -> Bool { ranges.contains { $0.contains(byte) } != isNegated }

    /// Reads what follows the opening bracket, and takes the closing one away.
    /// - Returns: nil when there is none, or a class of bytes has no known name.
    init?(parsing rest: inout ArraySlice<UInt8>) {
        if let first = rest.first, first == UInt8(ascii: "!") || first == UInt8(ascii: "^") {
            isNegated = true
            rest.removeFirst()
        }
        var isFirst = true
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "]"), !isFirst { return }
            isFirst = false
            if byte == UInt8(ascii: "["), rest.first == UInt8(ascii: ":") {
                guard let named = Self.named(&rest) else { return nil }
                ranges += named
                continue
            }
            guard let low = Self.literal(byte, &rest) else { return nil }
            guard rest.first == UInt8(ascii: "-"), let end = rest.dropFirst().first, end != UInt8(ascii: "]") else {
                ranges.append(low...low)
                continue
            }
            rest.removeFirst(2)
            guard let high = Self.literal(end, &rest) else { return nil }
            if low <= high { ranges.append(low...high) }
        }
        return nil
    }

    private static func literal(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> UInt8? {
        byte == UInt8(ascii: "\\") ? rest.popFirst() : byte
    }

    /// Reads `:space:]`.
    private static func named(_ rest: inout ArraySlice<UInt8>) -> [ClosedRange<UInt8>]? {
        guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: ":")), rest.index(after: end) < rest.endIndex,
            rest[rest.index(after: end)] == UInt8(ascii: "]")
        else { return nil }
        let name = String(decoding: rest[rest.index(after: rest.startIndex)..<end], as: UTF8.self)
        rest = rest[(end + 2)...]
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
        switch name {
        case "alnum": return [digits, upper, lower]
        case "alpha": return [upper, lower]
        case "blank": return [0x20...0x20, 0x09...0x09]
        case "cntrl": return [0x00...0x1F, 0x7F...0x7F]
        case "digit": return [digits]
        case "graph": return [0x21...0x7E]
        case "lower": return [lower]
        case "print": return [0x20...0x7E]
        case "punct": return [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
        case "space": return [0x20...0x20, 0x09...0x0D]
        case "upper": return [upper]
        case "xdigit":
            return [digits, UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f")]
        default: return nil
        }
    }
}
