/// Reads HTML and XML as source.
enum MarkupScanner {
    static func scan(_ bytes: [UInt8], _ lines: inout HighlightedLines) {
        var at = 0
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<") else {
                at += 1
                continue
            }
            if bytes[at...].starts(with: "<!--".utf8) {
                let end = find("-->", bytes, at + 4)
                lines.add(.comment, at, end)
                at = end
            } else if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "!") || bytes[at + 1] == UInt8(ascii: "?") {
                let end = find(">", bytes, at + 1)
                lines.add(.meta, at, end)
                at = end
            } else {
                at = tag(bytes, at, &lines)
            }
        }
    }

    private static func find(_ text: StaticString, _ bytes: [UInt8], _ start: Int) -> Int {
        let wanted = text.withUTF8Buffer { Array($0) }
        var at = start
        while at < bytes.count {
            if bytes[at] == wanted[0], bytes[at...].starts(with: wanted) { return at + wanted.count }
            at += 1
        }
        return bytes.count
    }

    private static func tag(_ bytes: [UInt8], _ start: Int, _ lines: inout HighlightedLines) -> Int {
        var at = start + 1
        if at < bytes.count, bytes[at] == UInt8(ascii: "/") { at += 1 }
        let name = at
        while at < bytes.count, isName(bytes[at]) { at += 1 }
        guard at > name else { return start + 1 }
        lines.add(.keyword, name, at)
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: ">"): return at + 1
            case UInt8(ascii: "<"): return at
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let end = (bytes[(at + 1)...].firstIndex(of: bytes[at]) ?? (bytes.count - 1)) + 1
                lines.add(.string, at, end)
                at = end
            case let byte where isName(byte):
                let first = at
                while at < bytes.count, isName(bytes[at]) { at += 1 }
                lines.add(.attribute, first, at)
            default: at += 1
            }
        }
        return at
    }

    private static func isName(_ byte: UInt8) -> Bool {
        WordScanner.isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@")
            || byte == UInt8(ascii: ".")
    }
}
