/// `&amp;`, `&#38;` and their like.
enum CharacterReferences {
    /// Those that matter where an address is judged; all others stand for characters that no scheme has.
    private static let named: [String: String] = [
        "amp": "&", "AMP": "&", "lt": "<", "LT": "<", "gt": ">", "GT": ">", "quot": "\"", "QUOT": "\"", "apos": "'",
        "Tab": "\t", "NewLine": "\n", "colon": ":", "sol": "/", "bsol": "\\", "num": "#", "quest": "?", "excl": "!",
        "lpar": "(", "rpar": ")", "period": ".", "comma": ",", "semi": ";", "equals": "=", "percnt": "%", "lowbar": "_",
        "commat": "@", "plus": "+", "ast": "*", "dollar": "$", "lbrack": "[", "rbrack": "]", "grave": "`",
        "nbsp": "\u{A0}", "copy": "©", "reg": "®", "trade": "™", "hellip": "…", "mdash": "—", "ndash": "–",
        "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "times": "×", "rarr": "→", "larr": "←", "middot": "·",
    ]

    /// What a reference such as `&#x41;` stands for; nil for one that is not known here.
    static func decoded(_ reference: some Sequence<UInt8>) -> String? {
        let body = Array(reference).dropFirst().drop { $0 == 0x20 }
        let inner = body.last == UInt8(ascii: ";") ? body.dropLast() : body
        guard inner.first == UInt8(ascii: "#") else { return named[String(decoding: inner, as: UTF8.self)] }
        let digits = inner.dropFirst()
        let isHexadecimal = digits.first == UInt8(ascii: "x") || digits.first == UInt8(ascii: "X")
        let number = String(decoding: isHexadecimal ? digits.dropFirst() : digits, as: UTF8.self)
        guard let value = UInt32(number, radix: isHexadecimal ? 16 : 10) else {
            return number.isEmpty ? nil : "\u{FFFD}"
        }
        // Nothing, what is nobody's, and what our own marks are.
        guard value != 0, !(0xFDD0...0xFDEF).contains(value), let scalar = Unicode.Scalar(value) else {
            return "\u{FFFD}"
        }
        return String(Character(scalar))
    }

    /// Where the reference at an ampersand ends; nil if it is none. Without a semicolon, numbers alone count.
    static func end(in bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex + 1
        guard index < bytes.endIndex else { return nil }
        if bytes[index] == UInt8(ascii: "#") {
            index += 1
            let isHexadecimal = index < bytes.endIndex && bytes[index] | 0x20 == UInt8(ascii: "x")
            if isHexadecimal { index += 1 }
            let start = index
            while index < bytes.endIndex, index - start < 32,
                isHexadecimal ? isHexadecimalDigit(bytes[index]) : (0x30...0x39).contains(bytes[index])
            { index += 1 }
            guard index > start else { return nil }
            return index < bytes.endIndex && bytes[index] == UInt8(ascii: ";") ? index + 1 : index
        }
        let start = index
        while index < bytes.endIndex, index - start < 32, isAlphanumeric(bytes[index]) { index += 1 }
        guard index > start, index < bytes.endIndex, bytes[index] == UInt8(ascii: ";") else { return nil }
        return index + 1
    }

    /// A value of an attribute with its references resolved. Those that are not known stay as they are written.
    static func resolved(_ value: ArraySlice<UInt8>) -> [UInt8] {
        guard value.contains(UInt8(ascii: "&")) else { return Array(value) }
        var out: [UInt8] = []
        var index = value.startIndex
        while index < value.endIndex {
            if value[index] == UInt8(ascii: "&"), let end = end(in: value[index...]),
                let text = decoded(value[index..<end])
            {
                out += text.utf8
                index = end
            } else {
                out.append(value[index])
                index += 1
            }
        }
        return out
    }

    private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}
