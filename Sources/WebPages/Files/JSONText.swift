/// Reads JSON and keeps names in their order and numbers as they are written.
/// - SeeAlso: RFC 8259.
struct JSONText {
    indirect enum Value {
        /// With the letter of its kind of token.
        case scalar(String, kind: Character)
        case list([Value])
        case object([(name: String, value: Value)])
    }

    /// Bytes.
    static let longest = 4 << 20
    private static let deepest = 64

    private let bytes: [UInt8]
    private var at = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    static func parsed(_ text: String) -> Value? {
        var reader = JSONText(text)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.at == reader.bytes.count ? value : nil
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || (0x09...0x0D).contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) -> Value? {
        guard depth < Self.deepest else { return nil }
        skipSpace()
        guard at < bytes.count else { return nil }
        switch bytes[at] {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return list(depth)
        case UInt8(ascii: "\""): return string().map { .scalar("\"\($0)\"", kind: "s") }
        default: return word()
        }
    }

    private mutating func object(_ depth: Int) -> Value? {
        at += 1
        var pairs: [(name: String, value: Value)] = []
        if take(UInt8(ascii: "}")) { return .object(pairs) }
        repeat {
            skipSpace()
            guard let name = string(), take(UInt8(ascii: ":")), let value = value(depth: depth + 1) else { return nil }
            pairs.append((name, value))
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? .object(pairs) : nil
    }

    private mutating func list(_ depth: Int) -> Value? {
        at += 1
        var items: [Value] = []
        if take(UInt8(ascii: "]")) { return .list(items) }
        repeat {
            guard let item = value(depth: depth + 1) else { return nil }
            items.append(item)
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? .list(items) : nil
    }

    /// Without its quotes; escapes of characters are resolved where they are short, others stay as written.
    private mutating func string() -> String? {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") { at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1 }
        guard at < bytes.count else { return nil }
        let text = bytes[start..<at]
        at += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func word() -> Value? {
        let start = at
        while at < bytes.count, WordScanner.isWord(bytes[at]) || "+-.".utf8.contains(bytes[at]) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if ["true", "false", "null"].contains(text) { return .scalar(text, kind: "l") }
        guard Double(text) != nil else { return nil }
        return .scalar(text, kind: "n")
    }
}
