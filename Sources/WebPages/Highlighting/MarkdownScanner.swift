/// Reads Markdown as source: headings, marks, code.
enum MarkdownScanner {
    static func scan(_ bytes: [UInt8], _ lines: inout HighlightedLines) {
        var fence: UInt8?
        KeyedScanner.forEachLine(bytes) { start, end in
            let line = bytes[start..<end]
            let text = line.drop { $0 == 0x20 }
            if let mark = text.first, text.count >= 3, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~"),
                text.prefix(3).allSatisfy({ $0 == mark }), fence == nil || fence == mark
            {
                fence = fence == nil ? mark : nil
                lines.add(.meta, text.startIndex, end)
                return
            }
            if fence != nil {
                lines.add(.string, start, end)
                return
            }
            switch text.first {
            case UInt8(ascii: "#"): lines.add(.heading, text.startIndex, end)
            case UInt8(ascii: ">"): lines.add(.comment, text.startIndex, end)
            case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
                if text.dropFirst().first == 0x20 { lines.add(.keyword, text.startIndex, text.startIndex + 1) }
                spans(bytes, text.startIndex + 1, end, &lines)
            default: spans(bytes, text.startIndex, end, &lines)
            }
        }
    }

    private static func spans(_ bytes: [UInt8], _ start: Int, _ end: Int, _ lines: inout HighlightedLines) {
        var at = start
        while at < end {
            if bytes[at] == UInt8(ascii: "`") {
                guard let close = bytes[(at + 1)..<end].firstIndex(of: UInt8(ascii: "`")) else { return }
                lines.add(.string, at, close + 1)
                at = close + 1
            } else if bytes[at] == UInt8(ascii: "]"), at + 1 < end, bytes[at + 1] == UInt8(ascii: "(") {
                guard let close = bytes[(at + 1)..<end].firstIndex(of: UInt8(ascii: ")")) else { return }
                lines.add(.attribute, at + 2, close)
                at = close
            } else {
                at += 1
            }
        }
    }
}
