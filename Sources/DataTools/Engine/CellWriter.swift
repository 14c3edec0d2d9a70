/// Writes one value as JSON, up to a number of bytes.
struct CellWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var isCut = false
    private let limit: Int
    private var depth = 0

    /// Bytes of a blob that are shown; whoever wants them all asks for the cell.
    static let blobBytes = 1_024

    init(limit: Int) { self.limit = limit }

    var hasRoom: Bool { bytes.count < limit }

    mutating func cut() { isCut = true }

    /// - Returns: false when values nest too deep.
    mutating func enter() -> Bool {
        depth += 1
        guard depth <= 64 else {
            depth -= 1
            isCut = true
            return false
        }
        return true
    }

    mutating func leave() { depth -= 1 }

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { self.text(UnsafeRawBufferPointer($0)) }
    }

    mutating func text(_ raw: UnsafeRawBufferPointer) {
        var shown = raw[...]
        let room = max(16, limit - bytes.count)
        if raw.count > room {
            isCut = true
            // Not within a character.
            var end = room
            while end > 0, raw[end] & 0xC0 == 0x80 { end -= 1 }
            shown = raw[..<end]
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in shown {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: [0x5C, 0x22])
            case UInt8(ascii: "\\"): bytes.append(contentsOf: [0x5C, 0x5C])
            case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
            case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
            case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The first bytes of a blob in base64, and how many there are.
    mutating func blob(_ raw: UnsafeRawBufferPointer) {
        let shown = raw.prefix(min(Self.blobBytes, limit))
        if raw.count > shown.count { isCut = true }
        self.raw("{\"bytes\":\"")
        bytes.append(contentsOf: Self.base64(shown))
        self.raw("\",\"size\":\(raw.count)}")
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ raw: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        var out: [UInt8] = []
        var index = raw.startIndex
        while index < raw.endIndex {
            let group = raw[index..<min(index + 3, raw.endIndex)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                out.append(
                    place <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
            index += 3
        }
        return out
    }
}
