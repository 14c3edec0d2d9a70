/// Takes the marks out of a text that do not belong to its words, keeping its lines.
enum LicenseTextCleaning {
    /// Lower case, with entities decoded, the tags of HTML taken out, and typographic signs as plain ones.
    static func cleaned(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                result.append(byte | 0x20)
                position += 1
            case UInt8(ascii: "&"): position = entity(text, position, &result)
            case UInt8(ascii: "<"): position = tag(text, position, &result)
            case UInt8(ascii: "\r"):
                // A lone carriage return ends a line too.
                if position + 1 >= text.count || text[position + 1] != UInt8(ascii: "\n") {
                    result.append(UInt8(ascii: "\n"))
                }
                position += 1
            // Capitals with accents.
            case 0xC3 where position + 1 < text.count && (0x80...0x9E).contains(text[position + 1]):
                result += [0xC3, text[position + 1] | 0x20]
                position += 2
            case 0xC2, 0xE2, 0xEF: position = sign(text, position, &result)
            default:
                result.append(byte)
                position += 1
            }
        }
        return result
    }

    /// `&quot;`, `&#39;`: what it stands for; anything else is left alone.
    private static func entity(_ text: [UInt8], _ start: Int, _ result: inout [UInt8]) -> Int {
        let end = min(text.count, start + 10)
        if let semicolon = text[start..<end].firstIndex(of: UInt8(ascii: ";")) {
            let name = String(decoding: text[start + 1..<semicolon], as: UTF8.self).lowercased()
            if let replacement = entities[name] {
                result += replacement.utf8
                return semicolon + 1
            }
        }
        result.append(UInt8(ascii: " "))
        return start + 1
    }

    /// A tag of HTML is taken out with its attributes, which a reader does not see either. Other text in angle brackets
    /// is text.
    private static func tag(_ text: [UInt8], _ start: Int, _ result: inout [UInt8]) -> Int {
        result.append(UInt8(ascii: " "))
        let limit = min(text.count, start + 300)
        guard let end = text[start..<limit].firstIndex(of: UInt8(ascii: ">")) else { return start + 1 }
        let name = text[start + 1..<end].drop { $0 == UInt8(ascii: "/") }
            .prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        guard tags.contains(String(decoding: name, as: UTF8.self).lowercased()) else { return start + 1 }
        // The lines are kept.
        result += text[start..<end].filter { $0 == UInt8(ascii: "\n") }
        return end + 1
    }

    /// Typographic quotes, dashes and spaces.
    private static func sign(_ text: [UInt8], _ start: Int, _ result: inout [UInt8]) -> Int {
        for (bytes, replacement) in signs
        where start + bytes.count <= text.count && text[start..<start + bytes.count].elementsEqual(bytes) {
            result += replacement
            return start + bytes.count
        }
        result.append(text[start])
        return start + 1
    }

    private static let entities = [
        "quot": "\"", "apos": "'", "#39": "'", "#x27": "'", "amp": " ", "lt": " ", "gt": " ", "nbsp": " ",
        "#160": " ", "copy": "(c)", "#169": "(c)", "ldquo": "\"", "rdquo": "\"", "lsquo": "'", "rsquo": "'",
        "#8220": "\"", "#8221": "\"", "#8216": "'", "#8217": "'", "mdash": "-", "ndash": "-", "hyphen": "-",
    ]

    private static let tags: Set<String> = [
        "p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "div", "span", "a", "ul", "ol", "li", "pre", "code", "b", "i",
        "em", "strong", "html", "body", "head", "title", "table", "tbody", "tr", "td", "th", "center", "blockquote",
        "hr", "tt", "u", "font", "meta", "link", "section", "article", "small", "sup", "dl", "dt", "dd", "!doctype",
    ]

    private static let signs: [([UInt8], [UInt8])] = [
        (Array("\u{2018}".utf8), Array("'".utf8)), (Array("\u{2019}".utf8), Array("'".utf8)),
        (Array("\u{201C}".utf8), Array("\"".utf8)), (Array("\u{201D}".utf8), Array("\"".utf8)),
        (Array("\u{2010}".utf8), Array("-".utf8)), (Array("\u{2011}".utf8), Array("-".utf8)),
        (Array("\u{2013}".utf8), Array("-".utf8)), (Array("\u{2014}".utf8), Array("-".utf8)),
        (Array("\u{2022}".utf8), Array(" ".utf8)), (Array("\u{00A0}".utf8), Array(" ".utf8)),
        (Array("\u{00A9}".utf8), Array("(c)".utf8)), (Array("\u{00AB}".utf8), Array("\"".utf8)),
        (Array("\u{00BB}".utf8), Array("\"".utf8)), (Array("\u{2028}".utf8), Array("\n".utf8)),
        // Signs that nobody sees, inside words.
        (Array("\u{200B}".utf8), []), (Array("\u{200C}".utf8), []), (Array("\u{200D}".utf8), []),
        (Array("\u{00AD}".utf8), []), (Array("\u{FEFF}".utf8), []), (Array("\u{2060}".utf8), []),
    ]
}
