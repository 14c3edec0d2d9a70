/// Reads the HTML that people write into Markdown, by the rules of browsers as far as they matter here.
///
/// Takes time in proportion to the text. What comes out is never written as it is: ``MarkdownWriter`` writes tags of its
/// own.
/// - SeeAlso: HTML Living Standard §13.2.5.
struct RawMarkup {
    struct Attribute: Equatable {
        /// In lower case.
        let name: String
        /// With its references resolved.
        let value: [UInt8]
    }

    enum Token: Equatable {
        case text(ArraySlice<UInt8>)
        case start(name: String, attributes: [Attribute], isClosed: Bool)
        case end(name: String)
    }

    private let bytes: ArraySlice<UInt8>
    private var index: Int

    private static let mostAttributes = 32
    private static let rawText: Set<String> = [
        "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext",
    ]

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    /// All tokens. Comments, declarations and what stands in scripts and the like are left out.
    static func tokens(_ bytes: ArraySlice<UInt8>) -> [Token] {
        var reader = RawMarkup(bytes)
        var tokens: [Token] = []
        while let token = reader.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() -> Token? {
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "<") else { return text() }
            let following = index + 1 < bytes.endIndex ? bytes[index + 1] : 0
            if Self.isLetter(following) {
                return startTag()
            } else if following == UInt8(ascii: "/"), index + 2 < bytes.endIndex, Self.isLetter(bytes[index + 2]) {
                return endTag()
            } else if following == UInt8(ascii: "!") || following == UInt8(ascii: "?")
                || following == UInt8(ascii: "/")
            {
                skipDeclaration()
                continue
            }
            // An angle bracket that opens nothing.
            return text()
        }
        return nil
    }

    /// Up to the next bracket, with the one at its start.
    private mutating func text() -> Token {
        let start = index
        index += 1
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "<") { index += 1 }
        return .text(bytes[start..<index])
    }

    /// A tag without an end is text, with all that follows.
    private mutating func rest(from start: Int) -> Token {
        index = bytes.endIndex
        return .text(bytes[start...])
    }

    private mutating func skipDeclaration() {
        let rest = bytes[index...]
        if rest.starts(with: "<!--".utf8) {
            // `<!-->` and `<!--->` are comments, too.
            var at = index + 2
            while at + 2 < bytes.endIndex {
                if bytes[at] == UInt8(ascii: "-"), bytes[at + 1] == UInt8(ascii: "-"),
                    bytes[at + 2] == UInt8(ascii: ">")
                {
                    index = at + 3
                    return
                }
                at += 1
            }
            index = bytes.endIndex
            return
        }
        index = (rest.firstIndex(of: UInt8(ascii: ">")) ?? (bytes.endIndex - 1)) + 1
    }

    private mutating func endTag() -> Token {
        let start = index
        index += 2
        let name = tagName()
        // Attributes of end tags mean nothing, but their quotes may hold brackets.
        guard attributes() != nil else { return rest(from: start) }
        return .end(name: name)
    }

    private mutating func startTag() -> Token {
        let start = index
        index += 1
        let name = tagName()
        guard let (attributes, isClosed) = attributes() else { return rest(from: start) }
        if Self.rawText.contains(name) { skipRawText(name) }
        return .start(name: name, attributes: attributes, isClosed: isClosed)
    }

    /// To the end tag, which is left; to the end of everything where there is none.
    private mutating func skipRawText(_ name: String) {
        guard name != "plaintext" else {
            index = bytes.endIndex
            return
        }
        let wanted = Array(name.utf8)
        while index < bytes.endIndex {
            guard let bracket = bytes[index...].firstIndex(of: UInt8(ascii: "<")) else { break }
            index = bracket
            let from = bracket + 2
            if from + wanted.count <= bytes.endIndex, bytes[bracket + 1] == UInt8(ascii: "/"),
                bytes[from..<(from + wanted.count)].elementsEqual(wanted, by: { $0 | 0x20 == $1 })
            {
                let after = from + wanted.count
                if after == bytes.endIndex || Self.endsName(bytes[after]) { return }
            }
            index += 1
        }
        index = bytes.endIndex
    }

    private mutating func tagName() -> String {
        let start = index
        while index < bytes.endIndex, !Self.endsName(bytes[index]) { index += 1 }
        return Self.lowercased(bytes[start..<index])
    }

    /// Up to and with the closing bracket; nil if there is none.
    private mutating func attributes() -> ([Attribute], isClosed: Bool)? {
        var found: [Attribute] = []
        var isClosed = false
        while true {
            while index < bytes.endIndex, Self.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/") {
                isClosed = bytes[index] == UInt8(ascii: "/")
                index += 1
            }
            guard index < bytes.endIndex else { return nil }
            if bytes[index] == UInt8(ascii: ">") {
                index += 1
                return (found, isClosed)
            }
            isClosed = false
            let start = index
            // A name may start with `=`.
            index += 1
            while index < bytes.endIndex, !Self.endsName(bytes[index]), bytes[index] != UInt8(ascii: "=") {
                index += 1
            }
            let name = bytes[start..<index]
            while index < bytes.endIndex, Self.isSpace(bytes[index]) { index += 1 }
            guard index < bytes.endIndex else { return nil }
            var value = bytes[index..<index]
            if bytes[index] == UInt8(ascii: "=") {
                index += 1
                guard let written = attributeValue() else { return nil }
                value = written
            }
            if found.count < Self.mostAttributes {
                found.append(
                    Attribute(name: Self.lowercased(name), value: CharacterReferences.resolved(value)))
            }
        }
    }

    private mutating func attributeValue() -> ArraySlice<UInt8>? {
        while index < bytes.endIndex, Self.isSpace(bytes[index]) { index += 1 }
        guard index < bytes.endIndex else { return nil }
        let quote = bytes[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = index + 1
            guard let end = bytes[start...].firstIndex(of: quote) else { return nil }
            index = end + 1
            return bytes[start..<end]
        }
        let start = index
        while index < bytes.endIndex, !Self.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") { index += 1 }
        return bytes[start..<index]
    }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.prefix(64).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    private static func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
    }
}
