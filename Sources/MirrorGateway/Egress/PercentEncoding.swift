/// Percent-encoding of the parts of a URL.
///
/// - SeeAlso: RFC 3986 section 2.
enum PercentEncoding {
    /// One path segment of plain text: unreserved characters, sub-delimiters, `:` and `@` stay, all else is encoded.
    static func segment(_ text: String) -> String {
        encode(text.utf8) {
            isUnreserved($0) || isSubDelimiter($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "@")
        }
    }

    /// A name or value within a query: only unreserved characters stay.
    static func queryPart(_ text: String) -> String {
        encode(text.utf8, keeping: isUnreserved)
    }

    /// Text that is a URL's path or query already: only what a request line cannot carry is encoded.
    static func lenient(_ bytes: some Sequence<UInt8>) -> String {
        encode(bytes) { $0 > 0x20 && $0 < 0x7F && !unwise.contains($0) }
    }

    private static let unwise = Set("\"<>^`{|}".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static let subDelimiters = Set("!$&'()*+,;=".utf8)

    private static func isSubDelimiter(_ byte: UInt8) -> Bool { subDelimiters.contains(byte) }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func encode(_ bytes: some Sequence<UInt8>, keeping: (UInt8) -> Bool) -> String {
        var out: [UInt8] = []
        for byte in bytes {
            if keeping(byte) {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
