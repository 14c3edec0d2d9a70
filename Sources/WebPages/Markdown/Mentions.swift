/// `@name` in text.
enum Mentions {
    enum Part: Equatable {
        case text(ArraySlice<UInt8>)
        case name(ArraySlice<UInt8>)
    }

    static func parts(of text: ArraySlice<UInt8>) -> [Part] {
        var parts: [Part] = []
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "@"), index == text.startIndex || !isWord(text[index - 1]) else {
                index += 1
                continue
            }
            var end = index + 1
            while end < text.endIndex, isName(text[end]), end - index <= 96 { end += 1 }
            // A dot at the end is the sentence's.
            while end > index + 1, text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: "-") { end -= 1 }
            guard end > index + 1, isAlphanumeric(text[index + 1]), end - index <= 96 else {
                index = max(end, index + 1)
                continue
            }
            if start < index { parts.append(.text(text[start..<index])) }
            parts.append(.name(text[(index + 1)..<end]))
            start = end
            index = end
        }
        if start < text.endIndex { parts.append(.text(text[start...])) }
        return parts
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "_/.@-+".utf8.contains(byte)
    }

    private static func isName(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "_.-".utf8.contains(byte) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
