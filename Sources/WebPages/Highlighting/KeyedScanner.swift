/// Reads languages whose lines start with a key or an instruction.
enum KeyedScanner {
    static func yaml(_ bytes: [UInt8], _ lines: inout HighlightedLines) {
        var scanner = WordScanner(bytes, rules: .values)
        /// How far the key of a block of text is indented.
        var block: Int?
        forEachLine(bytes) { start, end in
            let text = skipSpaces(bytes, start, end)
            if let indent = block {
                if text == end || text - start > indent {
                    lines.add(.string, text, end)
                    return
                }
                block = nil
            }
            var at = text
            while at + 1 < end, bytes[at] == UInt8(ascii: "-"), bytes[at + 1] == 0x20 {
                at = skipSpaces(bytes, at + 1, end)
            }
            if end - start == 3, bytes[start..<end].elementsEqual("---".utf8) {
                lines.add(.meta, start, end)
                return
            }
            if let colon = key(bytes, at, end) {
                lines.add(.attribute, at, colon)
                let value = skipSpaces(bytes, colon + 1, end)
                if value < end, bytes[value] == UInt8(ascii: "|") || bytes[value] == UInt8(ascii: ">") {
                    lines.add(.meta, value, value + 1)
                    block = text - start
                    return
                }
                at = colon + 1
            }
            scanner.scan(at..<end, &lines)
        }
    }

    static func toml(_ bytes: [UInt8], _ lines: inout HighlightedLines) {
        var scanner = WordScanner(bytes, rules: .values)
        forEachLine(bytes) { start, end in
            let at = skipSpaces(bytes, start, end)
            guard at < end else { return }
            switch bytes[at] {
            case UInt8(ascii: "#"), UInt8(ascii: ";"): lines.add(.comment, at, end)
            case UInt8(ascii: "["): lines.add(.heading, at, end)
            default:
                guard let sign = bytes[at..<end].firstIndex(of: UInt8(ascii: "=")),
                    !bytes[at..<sign].contains(UInt8(ascii: "#"))
                else {
                    scanner.scan(at..<end, &lines)
                    return
                }
                var last = sign
                while last > at, bytes[last - 1] <= 0x20 { last -= 1 }
                lines.add(.attribute, at, last)
                scanner.scan((sign + 1)..<end, &lines)
            }
        }
    }

    static func dockerfile(_ bytes: [UInt8], _ lines: inout HighlightedLines) {
        var scanner = WordScanner(bytes, rules: .shell)
        var continues = false
        forEachLine(bytes) { start, end in
            var at = skipSpaces(bytes, start, end)
            if !continues, at < end, WordScanner.isLetter(bytes[at]) {
                let first = at
                while at < end, WordScanner.isLetter(bytes[at]) { at += 1 }
                lines.add(.keyword, first, at)
            }
            scanner.scan(at..<end, &lines)
            continues = end > start && bytes[end - 1] == UInt8(ascii: "\\")
        }
    }

    /// The colon behind a key.
    private static func key(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        guard start < end, !"#&*!|>%@`{[".utf8.contains(bytes[start]) else { return nil }
        var at = start
        while at < end, at - start < 200 {
            if bytes[at] == UInt8(ascii: ":"), at + 1 == end || bytes[at + 1] <= 0x20 { return at }
            if bytes[at] == UInt8(ascii: "#"), at > start, bytes[at - 1] <= 0x20 { return nil }
            at += 1
        }
        return nil
    }

    private static func skipSpaces(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
        return at
    }

    static func forEachLine(_ bytes: [UInt8], _ body: (_ start: Int, _ end: Int) -> Void) {
        var start = 0
        while start < bytes.count {
            let feed = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let end = feed > start && bytes[feed - 1] == 0x0D ? feed - 1 : feed
            body(start, end)
            start = feed + 1
        }
    }
}
