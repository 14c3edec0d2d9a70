/// Characters by which our passes over a text tell the writer what they did.
///
/// Unicode guarantees that U+FDD0…U+FDEF are in nobody's text, and ``cleaned(_:)`` makes sure of it. To the parser they
/// are letters: neither white space nor punctuation.
enum Marks {
    /// Around the number of a formula.
    static let mathStart: [UInt8] = [0xEF, 0xB7, 0x90]
    static let mathEnd: [UInt8] = [0xEF, 0xB7, 0x91]
    /// Nothing: parts what would otherwise mean something together.
    static let nothing: [UInt8] = [0xEF, 0xB7, 0x92]
    /// Brackets of no link.
    static let bracket: [UInt8] = [0xEF, 0xB7, 0x93]
    static let closingBracket: [UInt8] = [0xEF, 0xB7, 0x94]

    /// The text without any of the characters, and without zeros, which the parser passes on twice.
    static func cleaned(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(0xEF) || bytes.contains(0) else { return bytes }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let isMark =
                index + 2 < bytes.count && bytes[index] == 0xEF && bytes[index + 1] == 0xB7
                && (0x90...0xAF).contains(bytes[index + 2])
            if isMark || bytes[index] == 0 {
                out += "\u{FFFD}".utf8
                index += isMark ? 3 : 1
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }
}
