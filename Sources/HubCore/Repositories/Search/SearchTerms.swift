import Foundation

/// Texts taken apart into what an index holds: words in small letters, and pairs of neighbours where a script has no
/// spaces between its words.
///
/// The same is done to what is searched in and to what is searched for, before any database sees it: what is left are
/// letters and digits, and no query language can be spoken in those.
enum SearchTerms {
    /// Words of a search that count.
    static let maximumWords = 8
    /// Bytes of one word that is searched for.
    static let maximumWordBytes = 255
    /// Scalars of one word in an index.
    private static let maximumTermLength = 64

    /// The terms of a text, in order.
    static func terms(of text: some StringProtocol) -> [String] {
        var terms: [String] = []
        read(text) { word, isUnspaced in
            guard isUnspaced else { return terms.append(String(word)) }
            terms += pairs(of: word)
            // Without it nobody would find the last character by itself.
            if let last = word.unicodeScalars.last { terms.append(String(Character(last))) }
        }
        return terms
    }

    /// The terms that stand one after another wherever `word` is written, and whether the last is the beginning of one.
    static func phrase(of word: some StringProtocol) -> (terms: [String], isOpen: Bool) {
        var terms: [String] = []
        var isOpen = false
        read(word) { part, isUnspaced in
            let isSingle = part.unicodeScalars.count == 1
            if isUnspaced, !isSingle { terms += pairs(of: part) } else { terms.append(String(part)) }
            isOpen = !isUnspaced || isSingle
        }
        return (terms, isOpen)
    }

    private static func pairs(of word: Substring) -> [String] {
        zip(word.unicodeScalars, word.unicodeScalars.dropFirst()).map { first, second in
            var pair = String.UnicodeScalarView()
            pair.append(first)
            pair.append(second)
            return String(pair)
        }
    }

    /// Hands over the runs of letters and digits, those of a script without spaces apart from the others.
    private static func read(_ text: some StringProtocol, _ body: (Substring, _ isUnspaced: Bool) -> Void) {
        let scalars = normalized(text).unicodeScalars
        var start = scalars.startIndex
        var run = Run.none
        var length = 0
        var index = start
        while true {
            let next = index < scalars.endIndex ? Run(scalars[index], after: run) : .none
            if next != run || length == maximumTermLength && run == .word {
                if run != .none { body(Substring(scalars[start..<index]), run == .unspaced) }
                start = index
                run = next
                length = 0
            }
            guard index < scalars.endIndex else { return }
            length += 1
            index = scalars.index(after: index)
        }
    }

    /// One form for full-width letters, ligatures and accents however they are composed.
    private static func normalized(_ text: some StringProtocol) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return String(text).precomposedStringWithCompatibilityMapping.lowercased()
    }

    private enum Run {
        case none, word, unspaced

        init(_ scalar: Unicode.Scalar, after previous: Run) {
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A: self = .word
            case 0..<0x80: self = .none
            // Kana, Han, Hangul, and the scripts of South East Asia.
            case 0x3041...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
                0x20000...0x3FFFF, 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF:
                self = .unspaced
            default:
                let properties = scalar.properties
                if properties.isAlphabetic || properties.numericType != nil {
                    self = .word
                } else {
                    // A mark belongs to the letter before it.
                    switch properties.generalCategory {
                    case .nonspacingMark, .spacingMark, .enclosingMark: self = previous
                    default: self = .none
                    }
                }
            }
        }
    }
}
