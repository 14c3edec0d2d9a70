/// What is done to a text before the parser sees it: formulas are lifted out, what the parser would take unduly long
/// for is taken apart, and what it does not understand is written so that it does.
///
/// Takes time in proportion to the text. Whether a line is in a fenced block is a guess here; guards hold everywhere,
/// for their marks do not show, and the rest is left out of code.
struct MarkdownPreparation {
    private(set) var math = MathLift()
    private(set) var isTruncated = false
    private var out: [UInt8] = []
    /// Cells that all tables together may still make.
    private var cells = 200_000
    private var definitions = 0
    /// Brackets open in this paragraph.
    private var brackets = 0
    /// Whether those of this paragraph mean nothing any more.
    private var areBracketsParted = false
    private var followsDefinition = false
    /// Lines that the parser may still walk over for links.
    private var steps = 40_000_000
    private var without: Avoided = []

    /// Bytes of a text.
    static let longest = 1 << 19

    private static let mostCells = 50_000
    private static let mostColumns = 512
    private static let mostLevels = 32
    private static let mostColumnsOfSpace = 160
    private static let mostBrackets = 8
    private static let mostAddresses = 1_000
    private static let mostDefinitions = 2_000
    private static let longestDefinition = 2_048

    /// The text as the parser gets it.
    mutating func prepared(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        if bytes.count > Self.longest {
            isTruncated = true
            var end = Self.longest
            while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            bytes.removeSubrange(end...)
        }
        bytes = Marks.cleaned(bytes)
        let lines = Self.lines(of: bytes)
        var toBlank = [Int](repeating: 0, count: lines.count + 1)
        for index in lines.indices.reversed() {
            toBlank[index] = Self.isBlank(bytes[lines[index]]) ? 0 : toBlank[index + 1] + 1
        }
        let avoided = avoided(bytes, lines, toBlank)
        out.reserveCapacity(bytes.count + bytes.count / 8)
        var fence: Fence?
        var index = 0
        while index < lines.count {
            let line = bytes[lines[index]]
            if toBlank[index] == 0 { (brackets, areBracketsParted) = (0, false) }
            without = avoided[index]
            if let open = fence {
                append(line, rows: toBlank[index], isCode: true)
                if open.isClosed(by: line) { fence = nil }
                index += 1
            } else if toBlank[index] == 0 {
                append(line, rows: 0, isCode: true)
                index += 1
            } else if let opened = Fence(line) {
                fence = opened
                append(line, rows: toBlank[index], isCode: true)
                index += 1
            } else {
                var end = index + 1
                while end < lines.count, toBlank[end] > 0, Fence(bytes[lines[end]]) == nil { end += 1 }
                let paragraph = math.lifted(bytes[lines[index].lowerBound..<lines[end - 1].upperBound])
                for part in Self.lines(of: paragraph) {
                    append(paragraph[part], rows: toBlank[index], isCode: false)
                }
                index = end
            }
        }
        return out
    }

    /// What is not to be found in a line, because it would take too long to find.
    private struct Avoided: OptionSet {
        let rawValue: UInt8
        static let links = Avoided(rawValue: 1)
        static let addresses = Avoided(rawValue: 2)
    }

    /// What costs md4c 0.4.8 quadratic time: for each link it walks over the lines of the paragraph, and for each
    /// address in running text over the others.
    private mutating func avoided(_ bytes: [UInt8], _ lines: [Range<Int>], _ toBlank: [Int]) -> [Avoided] {
        var avoided = [Avoided](repeating: [], count: lines.count)
        var index = 0
        while index < lines.count {
            let count = toBlank[index]
            guard count > 0 else {
                index += 1
                continue
            }
            var (opened, addresses) = (0, 0)
            for at in lines[index].lowerBound..<lines[index + count - 1].upperBound {
                switch bytes[at] {
                case UInt8(ascii: "["), UInt8(ascii: "<"): opened += 1
                case UInt8(ascii: ":") where bytes[at...].starts(with: "://".utf8): addresses += 1
                case UInt8(ascii: "w") where bytes[at...].starts(with: "www.".utf8): addresses += 1
                default: break
                }
            }
            var found: Avoided = addresses > Self.mostAddresses ? .addresses : []
            if count > 50 {
                if count * opened > steps { found.insert(.links) } else { steps -= count * opened }
            }
            for line in index..<(index + count) { avoided[line] = found }
            index += count
        }
        return avoided
    }

    /// Without their line feeds.
    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A {
            lines.append(start..<index)
            start = index + 1
        }
        if start < bytes.count { lines.append(start..<bytes.count) }
        return lines
    }

    /// In a quote, a line of nothing but its mark is blank.
    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        line.allSatisfy { $0 <= 0x20 || $0 == UInt8(ascii: ">") }
    }

    private mutating func append(_ line: ArraySlice<UInt8>, rows: Int, isCode: Bool) {
        var rest = appendPrefix(of: line)
        if let columns = Self.columnsOfDelimiterRow(rest) {
            let count = columns * rows
            if columns > Self.mostColumns || count > Self.mostCells || count > cells {
                out += Marks.nothing
            } else {
                cells -= count
                if !isCode { rest = Self.widened(rest)[...] }
            }
        }
        if !isCode, rest.contains(UInt8(ascii: "*")) { rest = EastAsianEmphasis.prepared(Array(rest))[...] }
        appendBrackets(rest)
        out.append(0x0A)
    }

    /// Writes what opens quotes and lists, and parts what goes too deep.
    private mutating func appendPrefix(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var (index, column, levels) = (line.startIndex, 0, 0)
        while index < line.endIndex {
            switch line[index] {
            case 0x20, 0x09:
                column += line[index] == 0x09 ? 4 : 1
                index += 1
                if column >= Self.mostColumnsOfSpace {
                    out += line[line.startIndex..<index] + Marks.nothing
                    return line[index...]
                }
                continue
            default: break
            }
            guard let length = Self.marker(line[index...]) else { break }
            levels += 1
            if levels > Self.mostLevels {
                out += line[line.startIndex..<index] + Marks.nothing
                return line[index...]
            }
            index += length
        }
        out += line[line.startIndex..<index]
        return line[index...]
    }

    /// How long a mark of a quote or an item is.
    private static func marker(_ text: ArraySlice<UInt8>) -> Int? {
        guard let first = text.first else { return nil }
        if first == UInt8(ascii: ">") { return 1 }
        var digits = text.prefix(10).prefix { (0x30...0x39).contains($0) }.count
        if digits == 0 {
            guard "-+*".utf8.contains(first) else { return nil }
        } else {
            guard digits < 10, let mark = text.dropFirst(digits).first, ".)".utf8.contains(mark) else { return nil }
        }
        digits = max(digits + 1, 1)
        let next = text.dropFirst(digits).first
        return next == nil || next == 0x20 || next == 0x09 ? digits : nil
    }

    private static func columnsOfDelimiterRow(_ row: ArraySlice<UInt8>) -> Int? {
        var (pipes, hasDash) = (0, false)
        for byte in row {
            switch byte {
            case UInt8(ascii: "|"): pipes += 1
            case UInt8(ascii: "-"): hasDash = true
            case UInt8(ascii: ":"), 0x20, 0x09, 0x0D: break
            default: return nil
            }
        }
        return pipes > 0 && hasDash ? pipes + 1 : nil
    }

    /// md4c 0.4.8 wants three dashes in each cell; GitHub is content with one.
    private static func widened(_ row: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var dashes = 0
        for byte in row {
            if byte == UInt8(ascii: "-") {
                dashes += 1
            } else {
                if dashes > 0, dashes < 3 { out += [UInt8](repeating: UInt8(ascii: "-"), count: 3 - dashes) }
                dashes = 0
            }
            out.append(byte)
        }
        if dashes > 0, dashes < 3 { out += [UInt8](repeating: UInt8(ascii: "-"), count: 3 - dashes) }
        return out
    }

    /// Writes the rest of a line, in which brackets go only so deep and definitions of links are short and complete.
    private mutating func appendBrackets(_ rest: ArraySlice<UInt8>) {
        if followsDefinition, let quote = rest.first, let close = Self.closing(quote),
            !rest.dropFirst().contains(close) || rest.count > Self.longestDefinition
        {
            out += Marks.nothing
        }
        followsDefinition = false
        var index = rest.startIndex
        while index < rest.endIndex {
            let byte = rest[index]
            let next = index + 1 < rest.endIndex ? rest[index + 1] : 0
            switch byte {
            case UInt8(ascii: "["):
                brackets += 1
                if brackets > Self.mostBrackets || without.contains(.links) { areBracketsParted = true }
                if areBracketsParted { out += Marks.bracket } else { out.append(byte) }
            case UInt8(ascii: "]"):
                brackets = max(0, brackets - 1)
                if areBracketsParted { out += Marks.closingBracket } else { out.append(byte) }
                if next == UInt8(ascii: ":"), !isDefinition(rest, index) { out += Marks.nothing }
            case UInt8(ascii: ":") where next == UInt8(ascii: "/"), UInt8(ascii: "w") where next == UInt8(ascii: "."):
                out.append(byte)
                if without.contains(.addresses) { out += Marks.nothing }
            default: out.append(byte)
            }
            index += 1
        }
    }

    private mutating func isDefinition(_ line: ArraySlice<UInt8>, _ bracket: Int) -> Bool {
        // One a line.
        guard !followsDefinition else { return false }
        followsDefinition = true
        definitions += 1
        guard definitions <= Self.mostDefinitions else { return false }
        let value = line[(bracket + 2)...].drop { $0 == 0x20 || $0 == 0x09 }
        guard value.count <= Self.longestDefinition else { return false }
        let startsLine = line.first == UInt8(ascii: "[") || !line[..<bracket].contains(UInt8(ascii: "["))
        if value.allSatisfy({ $0 <= 0x20 }) { return !startsLine }
        let title = value.drop { $0 > 0x20 }.drop { $0 <= 0x20 }
        guard let quote = title.first, let close = Self.closing(quote) else { return true }
        return title.dropFirst().contains(close)
    }

    private static func closing(_ quote: UInt8) -> UInt8? {
        switch quote {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): quote
        case UInt8(ascii: "("): UInt8(ascii: ")")
        default: nil
        }
    }

    /// A fenced block, as a line opens it.
    private struct Fence {
        let mark: UInt8
        let length: Int
        let isQuoted: Bool

        init?(_ line: ArraySlice<UInt8>) {
            var rest = line
            var isQuoted = false
            while let first = rest.first {
                if first == 0x20 || first == 0x09 {
                    rest = rest.dropFirst()
                } else if let length = MarkdownPreparation.marker(rest) {
                    isQuoted = isQuoted || first == UInt8(ascii: ">")
                    rest = rest.dropFirst(length)
                } else {
                    break
                }
            }
            guard let mark = rest.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
            let length = rest.prefix { $0 == mark }.count
            guard length >= 3, mark == UInt8(ascii: "~") || !rest.dropFirst(length).contains(mark) else { return nil }
            self.mark = mark
            self.length = length
            self.isQuoted = isQuoted
        }

        func isClosed(by line: ArraySlice<UInt8>) -> Bool {
            let rest = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ">") }
            if isQuoted, line.first(where: { $0 > 0x20 }) != UInt8(ascii: ">") { return true }
            let count = rest.prefix { $0 == mark }.count
            return count >= length && rest.dropFirst(count).allSatisfy { $0 <= 0x20 }
        }
    }
}
