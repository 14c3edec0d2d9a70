/// Reads words, numbers, strings and comments of languages that are made of these.
///
/// Every byte is read once or twice: what is found is stepped over, and what has no end ends with the text.
struct WordScanner {
    private let bytes: [UInt8]
    private let rules: LanguageRules

    init(_ bytes: [UInt8], rules: LanguageRules) {
        self.bytes = bytes
        self.rules = rules
    }

    mutating func scan(_ range: Range<Int>, _ lines: inout HighlightedLines) {
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = bytes[at]
            if byte <= 0x20 {
                at += 1
            } else if let end = comment(at, range.upperBound) {
                lines.add(.comment, at, end)
                at = end
            } else if let end = string(at, range.upperBound) {
                let isKey = rules.hasKeys && isFollowed(end, range.upperBound, by: UInt8(ascii: ":"))
                lines.add(isKey ? .attribute : .string, at, end)
                at = end
            } else if Self.isDigit(byte)
                || (byte == UInt8(ascii: ".") && at + 1 < range.upperBound && Self.isDigit(bytes[at + 1]))
            {
                let end = number(at, range.upperBound)
                lines.add(.number, at, end)
                at = end
            } else if rules.metaMarks.contains(byte), let end = meta(at, range.upperBound) {
                lines.add(byte == UInt8(ascii: "$") ? .variable : .meta, at, end)
                at = end
            } else if Self.isWord(byte) {
                at = word(at, range.upperBound, &lines)
            } else {
                at += 1
            }
        }
    }

    private func has(_ text: [UInt8], _ at: Int, _ end: Int) -> Bool {
        guard at + text.count <= end else { return false }
        for index in text.indices where bytes[at + index] != text[index] { return false }
        return true
    }

    private func comment(_ at: Int, _ end: Int) -> Int? {
        for mark in rules.lineComments where has(mark, at, end) {
            // In shells, a hash within a word is part of it.
            if mark == [UInt8(ascii: "#")], rules.commentsNeedSpace, at > 0, bytes[at - 1] > 0x20 { continue }
            return bytes[at..<end].firstIndex(of: 0x0A) ?? end
        }
        guard let (open, close) = rules.blockComment, has(open, at, end) else { return nil }
        return find(close, from: at + open.count, end)
    }

    private func find(_ text: [UInt8], from start: Int, _ end: Int) -> Int {
        var at = start
        while at < end {
            if bytes[at] == text[0], has(text, at, end) { return at + text.count }
            at += 1
        }
        return end
    }

    private func string(_ at: Int, _ end: Int) -> Int? {
        for delimiter in rules.strings where bytes[at] == delimiter.open[0] && has(delimiter.open, at, end) {
            if delimiter.isCharacter, !isCharacter(at, end) { return nil }
            var index = at + delimiter.open.count
            while index < end {
                if bytes[index] == UInt8(ascii: "\\"), delimiter.hasEscapes {
                    // A break is not escaped in a string of one line.
                    index += index + 1 < end && bytes[index + 1] == 0x0A && !delimiter.isLong ? 1 : 2
                } else if bytes[index] == 0x0A, !delimiter.isLong {
                    return index
                } else if bytes[index] == delimiter.close[0], has(delimiter.close, index, end) {
                    return index + delimiter.close.count
                } else {
                    index += 1
                }
            }
            return min(index, end)
        }
        return nil
    }

    /// Whether a quote starts a character and not a lifetime or a transposition.
    private func isCharacter(_ at: Int, _ end: Int) -> Bool {
        guard at + 1 < end else { return false }
        if bytes[at + 1] == UInt8(ascii: "\\") || bytes[at + 1] >= 0x80 { return true }
        return at + 2 < end && bytes[at + 2] == UInt8(ascii: "'")
    }

    private func number(_ at: Int, _ end: Int) -> Int {
        var index = at + 1
        while index < end {
            let byte = bytes[index]
            let isSign =
                (byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")) && bytes[index - 1] | 0x20 == UInt8(ascii: "e")
                && !(bytes[at] == UInt8(ascii: "0") && bytes[at + 1] | 0x20 == UInt8(ascii: "x"))
            guard
                Self.isDigit(byte) || Self.isLetter(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                    || isSign
            else { break }
            // `1..<n` is two numbers.
            if byte == UInt8(ascii: "."), index + 1 < end, bytes[index + 1] == UInt8(ascii: ".") { break }
            index += 1
        }
        return index
    }

    /// `@decorator`, `#include`, `$variable`, `${…}`.
    private func meta(_ at: Int, _ end: Int) -> Int? {
        var index = at + 1
        guard index < end else { return nil }
        if bytes[at] == UInt8(ascii: "$"), bytes[index] == UInt8(ascii: "{") {
            while index < end, bytes[index] != UInt8(ascii: "}"), bytes[index] != 0x0A { index += 1 }
            return index < end && bytes[index] == UInt8(ascii: "}") ? index + 1 : index
        }
        if bytes[at] == UInt8(ascii: "#"), rules.hasDirectives {
            while index < end, bytes[index] == 0x20 { index += 1 }
        }
        guard index < end, Self.isLetter(bytes[index]) || bytes[index] == UInt8(ascii: "_") else { return nil }
        while index < end,
            Self.isWord(bytes[index]) || (bytes[at] == UInt8(ascii: "@") && bytes[index] == UInt8(ascii: "."))
        {
            index += 1
        }
        return index
    }

    private func word(_ at: Int, _ end: Int, _ lines: inout HighlightedLines) -> Int {
        var index = at + 1
        while index < end, Self.isWord(bytes[index]) || (rules.wordsHaveHyphens && bytes[index] == UInt8(ascii: "-")) {
            index += 1
        }
        let length = index - at
        guard length <= 40 else { return index }
        // Letters before a quote belong to the string.
        if length <= 2, rules.hasPrefixedStrings, index < end,
            bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'"),
            let close = string(index, end)
        {
            lines.add(.string, at, close)
            return close
        }
        let text = String(decoding: bytes[at..<index], as: UTF8.self)
        let known = rules.ignoresCase ? text.lowercased() : text
        if rules.keywords.contains(known) {
            lines.add(.keyword, at, index)
        } else if rules.literals.contains(known) {
            lines.add(.literal, at, index)
        } else if rules.types.contains(known) {
            lines.add(.type, at, index)
        } else if rules.hasCalls, isFollowed(index, end, by: UInt8(ascii: "(")) {
            lines.add(.function, at, index)
        }
        return index
    }

    private func isFollowed(_ at: Int, _ end: Int, by byte: UInt8) -> Bool {
        var index = at
        while index < end, index - at < 8, bytes[index] == 0x20 { index += 1 }
        return index < end && bytes[index] == byte
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
