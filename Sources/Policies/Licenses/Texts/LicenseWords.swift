/// The words of a text, without what does not matter when licences are compared: case, white space, punctuation, list
/// marks, copyright lines, links and the marks of HTML and Markdown.
/// - SeeAlso: SPDX specification, annex B, "License matching guidelines"
struct LicenseWords: Sendable {
    /// One number a word. It is made with a key of this process, so that nobody can write another word with the same.
    private(set) var hashes: [UInt64] = []
    /// The line of each word, from 1.
    private(set) var lines: [Int32] = []
    /// Where each word begins in `bytes`.
    private var starts: [Int32] = []
    private var bytes: [UInt8] = []

    var count: Int { hashes.count }

    /// Bytes that are read of a text.
    static let limit = 256 << 10

    /// Reads at most `limit` bytes of a text. O(length).
    init(_ text: String) {
        self.init(bytes: LicenseTextCleaning.cleaned(Array(text.utf8.prefix(Self.limit))))
    }

    private init(bytes text: [UInt8]) {
        var line: Int32 = 0
        var position = 0
        while position < text.count {
            line &+= 1
            var end = position
            while end < text.count, text[end] != Self.newline { end += 1 }
            if !Self.isCopyrightLine(text[position..<end]) { append(text, position, end, line) }
            position = end + 1
        }
    }

    /// The same without room for more words: half of what hundreds of texts would keep.
    var fitted: LicenseWords {
        var fitted = self
        fitted.hashes = Self.fitted(hashes)
        fitted.lines = Self.fitted(lines)
        fitted.starts = Self.fitted(starts)
        fitted.bytes = Self.fitted(bytes)
        return fitted
    }

    private static func fitted<Element>(_ elements: [Element]) -> [Element] {
        elements.withUnsafeBufferPointer { Array($0) }
    }

    /// The words of a range, joined by spaces.
    func text(_ range: Range<Int>) -> String {
        guard let first = range.first, let last = range.last else { return "" }
        return String(decoding: bytes[Int(starts[first])..<end(of: last)], as: UTF8.self)
    }

    private func end(of word: Int) -> Int {
        word + 1 < starts.count ? Int(starts[word + 1]) - 1 : bytes.count - 1
    }

    private mutating func append(_ text: [UInt8], _ start: Int, _ end: Int, _ line: Int32) {
        var position = start
        while position < end {
            guard Self.isWord(text[position]) else {
                position += 1
                continue
            }
            if Self.isLink(text, position, end) {
                while position < end, !Self.linkEnds.contains(text[position]) { position += 1 }
                continue
            }
            let from = position
            position = Self.endOfWord(text, position, end)
            if isListMark(text, from, position, end) { continue }
            append(text[from..<position], line)
        }
    }

    private mutating func append(_ word: ArraySlice<UInt8>, _ line: Int32) {
        let start = bytes.count
        for byte in word where byte != Self.apostrophe { bytes.append(byte) }
        if let other = Self.equivalents[Array(bytes[start...])] { bytes.replaceSubrange(start..., with: other) }
        var hasher = Hasher()
        bytes[start...].withUnsafeBytes { hasher.combine(bytes: $0) }
        hashes.append(UInt64(bitPattern: Int64(hasher.finalize())))
        lines.append(line)
        starts.append(Int32(start))
        bytes.append(Self.space)
    }

    /// Whether a word is the number or letter of a list's entry: `1.`, `2)`, `(a)`, `iv.`, `3.1.`
    private func isListMark(_ text: [UInt8], _ from: Int, _ to: Int, _ end: Int) -> Bool {
        guard to < end, to - from <= 5 else { return false }
        let mark = text[to]
        guard mark == UInt8(ascii: ".") || mark == UInt8(ascii: ")") else { return false }
        let word = text[from..<to]
        // "v. 2.0" is a version.
        if mark == UInt8(ascii: "."), word.elementsEqual([UInt8(ascii: "v")]) { return false }
        if let last = hashes.indices.last, self.text(last..<last + 1) == "v" { return false }
        let isFollowedBySpace = to + 1 >= end || Self.isSpace(text[to + 1])
        if word.count == 1, !Self.isDigit(text[from]) { return true }
        if word.allSatisfy({ $0 == UInt8(ascii: "i") || $0 == UInt8(ascii: "v") || $0 == UInt8(ascii: "x") }) {
            return true
        }
        guard isFollowedBySpace, word.allSatisfy({ Self.isDigit($0) || $0 == UInt8(ascii: ".") }), word.count <= 4,
            !(word.count > 2 && !word.contains(UInt8(ascii: ".")))
        else { return false }
        // "2." begins an entry at the start of a line or after a sentence; "version 2." ends one.
        guard let before = text[..<from].lastIndex(where: { !Self.isSpace($0) }), text[before] != Self.newline else {
            return true
        }
        if !Self.isWord(text[before]) { return text[before] != UInt8(ascii: "(") }
        guard let last = hashes.indices.last else { return true }
        return ["and", "or"].contains(self.text(last..<last + 1))
    }

    // MARK: - Bytes

    private static let newline = UInt8(ascii: "\n")
    private static let space = UInt8(ascii: " ")
    private static let apostrophe = UInt8(ascii: "'")
    private static let linkEnds = Set(" \t>)]\"'".utf8)

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// Text is lower case by now. Letters outside ASCII make words of their own.
    private static func isWord(_ byte: UInt8) -> Bool {
        (byte >= 0x61 && byte <= 0x7A) || isDigit(byte) || byte >= 0x80
    }

    private static func endOfWord(_ text: [UInt8], _ from: Int, _ end: Int) -> Int {
        var position = from
        while position < end {
            let byte = text[position]
            let joins =
                position > from && position + 1 < end && isWord(text[position + 1])
                && (byte == apostrophe
                    || (byte == UInt8(ascii: ".") && isDigit(text[position - 1]) && isDigit(text[position + 1])))
            guard isWord(byte) || joins else { break }
            position += 1
        }
        return position
    }

    private static func isLink(_ text: [UInt8], _ from: Int, _ end: Int) -> Bool {
        for scheme in links where from + scheme.count < end && text[from..<from + scheme.count].elementsEqual(scheme) {
            return true
        }
        return false
    }

    private static let links = ["http://", "https://", "www."].map { Array($0.utf8) }

    /// Whether a line says whose the work is and since when, and nothing else. A line with a word that could be a
    /// condition is kept: else a condition could hide in it.
    private static func isCopyrightLine(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count <= 200 else { return false }
        let text = String(decoding: line.drop { !isWord($0) && $0 != UInt8(ascii: "(") }, as: UTF8.self)
        guard text.hasPrefix("copyright") || text.hasPrefix("(c)") || text.hasPrefix("all rights reserved") else {
            return false
        }
        let words = text.split { !$0.isLetter && !$0.isNumber }
        guard words.count <= 20, !words.contains(where: { conditions.contains(String($0)) }) else { return false }
        if text.hasPrefix("all rights") { return true }
        let named =
            text.hasPrefix("copyright") ? text.dropFirst("copyright".count).drop { " :".contains($0) } : text[...]
        if named.hasPrefix("(c)"), text.hasPrefix("copyright") { return true }
        if let first = named.first, "<[{".contains(first) { return true }
        return words.prefix(3).contains { $0.count == 4 && $0.allSatisfy(\.isNumber) }
    }

    private static let conditions: Set<String> = [
        "commercial", "noncommercial", "use", "used", "uses", "only", "not", "no", "non", "permission", "permitted",
        "license", "licensed", "may", "must", "shall", "subject", "terms", "granted", "research", "prohibited",
        "forbidden", "except", "without", "liable", "notice",
    ]

    /// Words that count as the same.
    private static let equivalents: [[UInt8]: [UInt8]] = {
        let pairs = [
            ("licence", "license"), ("licences", "licenses"), ("licenced", "licensed"), ("licencing", "licensing"),
            ("sublicence", "sublicense"), ("acknowledgement", "acknowledgment"), ("analogue", "analog"),
            ("authorisation", "authorization"), ("authorised", "authorized"), ("cancelation", "cancellation"),
            ("centre", "center"), ("favour", "favor"), ("favourite", "favorite"), ("fulfilment", "fulfillment"),
            ("initialise", "initialize"), ("judgement", "judgment"), ("labour", "labor"),
            ("organisation", "organization"), ("organisations", "organizations"), ("practise", "practice"),
            ("programme", "program"), ("recognised", "recognized"), ("utilisation", "utilization"),
            ("whilst", "while"), ("wilful", "willful"), ("noncommercially", "non-commercially"),
            ("merchantibility", "merchantability"),
        ]
        return Dictionary(pairs.map { (Array($0.0.utf8), Array($0.1.utf8)) }) { first, _ in first }
    }()
}
