/// Takes secrets out of text on its way to a log (S59): credentials after `Bearer` and `Basic`, tokens known by their
/// prefix, user info in URLs, and values of telling parameters. One pass, linear in the text.
package enum LogScrubber {
    private static let mask = Array("***".utf8)
    private static let tokenPrefixes = ["weir_", "hf_", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "ms-"]
        .map { Array($0.utf8) }
    private static let schemes = ["bearer ", "basic "].map { Array($0.utf8) }
    private static let names = [
        "token", "access_token", "password", "passwd", "secret", "authorization", "signature", "api_key", "apikey",
        "x-amz-signature", "x-amz-credential", "x-amz-security-token", "private_token", "client_secret", "cookie",
    ].map { Array($0.utf8) }

    /// `text` with every secret replaced by `***`.
    package static func scrub(_ text: String) -> String {
        // Route templates, ids and methods, which is what most lines are made of, have none of what a secret needs.
        guard text.utf8.contains(where: isTelling) else { return text }
        let bytes = Array(text.utf8)
        let lower = bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        var hasChanged = false
        while index < bytes.count {
            if let secret = secret(in: lower, at: index) {
                output += bytes[index..<secret.lowerBound]
                output += mask
                index = secret.upperBound
                hasChanged = true
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return hasChanged ? String(decoding: output, as: UTF8.self) : text
    }

    /// What every construct that holds a secret has somewhere: `://`, `name=`, `name: `, `scheme `, `hf_`, `ms-`.
    private static func isTelling(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: " "), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// The secret of a construct that starts at `index`.
    private static func secret(in text: [UInt8], at index: Int) -> Range<Int>? {
        switch text[index] {
        case UInt8(ascii: ":"): return userInfo(in: text, at: index)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): break
        default: return nil
        }
        if index > 0, isWord(text[index - 1]) { return nil }
        for scheme in schemes where starts(text, scheme, at: index) {
            let range = run(in: text, from: skippingSpaces(text, index + scheme.count), while: isCredential)
            if range.count >= 6 { return range }
        }
        for prefix in tokenPrefixes where starts(text, prefix, at: index) {
            let range = run(in: text, from: index + prefix.count, while: isWord)
            if range.count >= 8 { return index..<range.upperBound }
        }
        for name in names where starts(text, name, at: index) {
            if let range = value(in: text, after: index + name.count) { return range }
        }
        return nil
    }

    /// `://user:password@host`: everything between the slashes and the last `@` of the authority.
    private static func userInfo(in text: [UInt8], at index: Int) -> Range<Int>? {
        guard starts(text, Array("://".utf8), at: index) else { return nil }
        let authority = run(in: text, from: index + 3) { byte in
            byte > 0x20 && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
                && byte != UInt8(ascii: "\"")
        }
        guard let end = text[authority].lastIndex(of: UInt8(ascii: "@")), end > authority.lowerBound else { return nil }
        return authority.lowerBound..<end
    }

    /// What follows `name=`, `name: ` or `name":"`.
    private static func value(in text: [UInt8], after start: Int) -> Range<Int>? {
        var index = start
        if index < text.count, text[index] == UInt8(ascii: "\"") { index += 1 }
        index = skippingSpaces(text, index)
        guard index < text.count, text[index] == UInt8(ascii: "=") || text[index] == UInt8(ascii: ":") else {
            return nil
        }
        index = skippingSpaces(text, index + 1)
        if index < text.count, text[index] == UInt8(ascii: "\"") { index += 1 }
        for scheme in schemes where starts(text, scheme, at: index) {
            index = skippingSpaces(text, index + scheme.count)
        }
        let range = run(in: text, from: index) { byte in
            byte > 0x20 && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ",")
                && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "'") && byte != UInt8(ascii: ")")
        }
        return range.isEmpty ? nil : range
    }

    private static func starts(_ text: [UInt8], _ prefix: [UInt8], at index: Int) -> Bool {
        index + prefix.count <= text.count && text[index..<index + prefix.count].elementsEqual(prefix)
    }

    private static func skippingSpaces(_ text: [UInt8], _ index: Int) -> Int {
        var index = index
        while index < text.count, text[index] == 0x20 { index += 1 }
        return index
    }

    private static func run(in text: [UInt8], from start: Int, while matches: (UInt8) -> Bool) -> Range<Int> {
        var end = start
        while end < text.count, matches(text[end]) { end += 1 }
        return start..<max(start, end)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func isCredential(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): true
        default: isWord(byte)
        }
    }
}
