/// Kinds of characters, as far as Markdown cares.
enum Characters {
    /// The character that starts at an index of UTF-8; nil at the end.
    static func after(_ index: Int, in bytes: [UInt8]) -> UInt32? {
        guard index < bytes.count else { return nil }
        let first = UInt32(bytes[index])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard index + length <= bytes.count else { return first }
        var value = length == 1 ? first : first & (0xFF >> UInt32(length + 1))
        for offset in 1..<max(1, length) { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return value
    }

    /// The character that ends before an index of UTF-8; nil at the start.
    static func before(_ index: Int, in bytes: [UInt8]) -> UInt32? {
        guard index > 0 else { return nil }
        var start = index - 1
        while start > 0, bytes[start] & 0xC0 == 0x80, index - start < 4 { start -= 1 }
        return after(start, in: bytes)
    }

    static func isSpace(_ character: UInt32) -> Bool {
        character <= 0x20 || character == 0xA0 || character == 0x3000 || (0x2000...0x200A).contains(character)
            || character == 0x2028 || character == 0x2029 || character == 0x202F || character == 0x205F
    }

    static func isPunctuation(_ character: UInt32) -> Bool {
        switch character {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        case 0xA1, 0xA7, 0xAB, 0xB6, 0xB7, 0xBB, 0xBF: true
        case 0x2010...0x2027, 0x2030...0x205E: true
        default: isEastAsianPunctuation(character)
        }
    }

    static func isEastAsianPunctuation(_ character: UInt32) -> Bool {
        switch character {
        case 0x3001...0x3003, 0x3008...0x3011, 0x3014...0x301F, 0x3030, 0x303D, 0x30A0, 0x30FB: true
        case 0xFE10...0xFE1F, 0xFE30...0xFE6F: true
        case 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF65: true
        // Quotation marks, dashes and the ellipsis, which Chinese shares.
        case 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026: true
        default: false
        }
    }

    /// Ideographs, kana and Hangul.
    static func isEastAsianLetter(_ character: UInt32) -> Bool {
        switch character {
        case 0x1100...0x11FF, 0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3041...0x3096, 0x3099...0x309F: true
        case 0x30A1...0x30FA, 0x30FC...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF: true
        case 0xF900...0xFAFF, 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A, 0xFF66...0xFF9F: true
        case 0x1B000...0x1B16F, 0x20000...0x3FFFF: true
        default: false
        }
    }

    /// Whether writing continues across the end of a line without a space, as in Chinese and Japanese.
    static func joinsLines(_ character: UInt32) -> Bool {
        let isHangul =
            (0x1100...0x11FF).contains(character) || (0xA960...0xA97F).contains(character)
            || (0xAC00...0xD7FF).contains(character)
        return !isHangul && (isEastAsianLetter(character) || isEastAsianPunctuation(character))
    }
}
