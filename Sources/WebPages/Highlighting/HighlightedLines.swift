/// Kinds of words in source text; their letters are in the names of classes.
enum SourceToken: Character {
    case keyword = "k"
    case string = "s"
    case comment = "c"
    case number = "n"
    case function = "f"
    case type = "t"
    /// A name that has a value: a key, an attribute.
    case attribute = "a"
    case literal = "l"
    /// Decorators, directives, instructions to tools.
    case meta = "m"
    case variable = "v"
    case heading = "h"
}

/// Markup of lines, as it is made from the start of a text to its end.
struct HighlightedLines {
    private(set) var lines: [HTML] = []
    private let source: [UInt8]
    private var line: [UInt8] = []
    /// Where what is not written yet starts.
    private var start = 0
    private var spans = 0

    /// Spans in one line; what follows has no colours.
    private static let mostSpans = 2_000

    init(_ source: [UInt8]) { self.source = source }

    /// Says that everything up to `from` is nothing of note, and what follows up to `to` is a word of a kind.
    mutating func add(_ kind: SourceToken, _ from: Int, _ to: Int) {
        guard from < to, from >= start, to <= source.count else { return }
        write(start..<from, nil)
        write(from..<to, kind)
        start = to
    }

    /// Writes the rest.
    mutating func finish() -> [HTML] {
        write(start..<source.count, nil)
        start = source.count
        if !line.isEmpty || lines.isEmpty { endLine() }
        return lines
    }

    private mutating func endLine() {
        if line.last == 0x0D { line.removeLast() }
        lines.append(HTML(trusted: line))
        line = []
        spans = 0
    }

    private mutating func write(_ range: Range<Int>, _ kind: SourceToken?) {
        var at = range.lowerBound
        while at < range.upperBound {
            let end = source[at..<range.upperBound].firstIndex(of: 0x0A) ?? range.upperBound
            if at < end {
                let isMarked = kind != nil && spans < Self.mostSpans
                if isMarked, let kind { line += "<span class=\"tok-\(kind.rawValue)\">".utf8 }
                for byte in source[at..<end] { Self.escape(byte, into: &line) }
                if isMarked { line += "</span>".utf8 }
                if isMarked { spans += 1 }
            }
            at = end
            if at < range.upperBound {
                endLine()
                at += 1
            }
        }
    }

    private static func escape(_ byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "&"): bytes += "&amp;".utf8
        case UInt8(ascii: "<"): bytes += "&lt;".utf8
        case UInt8(ascii: ">"): bytes += "&gt;".utf8
        case UInt8(ascii: "\""): bytes += "&quot;".utf8
        case UInt8(ascii: "'"): bytes += "&#39;".utf8
        case 0: bytes += "\u{FFFD}".utf8
        default: bytes.append(byte)
        }
    }
}
