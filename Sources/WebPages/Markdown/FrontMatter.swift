/// A document's metadata and what stands below it.
package struct FrontMatter: Sendable, Hashable {
    /// The YAML between the lines of dashes; nil for a document without any.
    package let yaml: String?
    package let body: String

    /// Splits a document that may start with metadata between two lines `---`.
    package init(splitting text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        // A byte-order mark is no content.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
        guard let first = Self.line(in: bytes, at: start), Self.isFence(bytes[start..<first.end]) else {
            (yaml, body) = (nil, String(decoding: bytes[start...], as: UTF8.self))
            return
        }
        var at = first.next
        while let line = Self.line(in: bytes, at: at) {
            if Self.isFence(bytes[at..<line.end]) {
                yaml = String(decoding: bytes[first.next..<at], as: UTF8.self)
                body = String(decoding: bytes[line.next...], as: UTF8.self)
                return
            }
            at = line.next
        }
        (yaml, body) = (nil, String(decoding: bytes[start...], as: UTF8.self))
    }

    private static func line(in bytes: [UInt8], at start: Int) -> (end: Int, next: Int)? {
        guard start < bytes.count else { return nil }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        return (end, min(end + 1, bytes.count))
    }

    private static func isFence(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "---".utf8) && line.dropFirst(3).allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
    }
}
