/// Looks at a file's text before it is parsed and refuses the alias constructions that could make a small file huge.
///
/// The tree is bounded after parsing, but the YAML library compares keys while parsing, and a key built from
/// aliases of aliases would be walked in full there. Aliases as values are welcome.
enum AliasGuard {
    static let maximumAliases = 64

    /// The line (from 1) and the reason, or nil when the text is harmless.
    static func objection(to text: String) -> (line: Int, reason: String)? {
        var aliases = 0
        var keyLine: Int?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let scalars = Array(line.unicodeScalars)
            aliases += count(in: scalars)
            if aliases > maximumAliases {
                return (index + 1, "the file uses more than \(maximumAliases) aliases")
            }
            if keyLine == nil, holdsComplexKey(scalars) { keyLine = index + 1 }
        }
        guard aliases > 0, let keyLine else { return nil }
        return (keyLine, "a key must be plain text in a file that uses aliases")
    }

    private static func count(in line: [UnicodeScalar]) -> Int {
        line.indices.count { index in
            guard line[index] == "*", index + 1 < line.count else { return false }
            let before: UnicodeScalar = index == 0 ? " " : line[index - 1]
            let after = line[index + 1]
            return " \t[{,:-?".unicodeScalars.contains(before)
                && (after.properties.isAlphabetic || after.properties.numericType != nil || after == "_")
        }
    }

    private static func holdsComplexKey(_ line: [UnicodeScalar]) -> Bool {
        for index in line.indices {
            let before = line[..<index].last { $0 != " " && $0 != "\t" }
            let next = index + 1 < line.count ? line[index + 1] : " "
            switch line[index] {
            case "?" where next == " " || next == "\t":
                if before == nil || before == "{" || before == "," || before == "[" || before == "-" { return true }
            case ":" where next == " " || next == "\t":
                if before == "]" || before == "}" || endsInAlias(line[..<index]) { return true }
            default: continue
            }
        }
        return false
    }

    private static func endsInAlias(_ line: ArraySlice<UnicodeScalar>) -> Bool {
        let word = line.split(whereSeparator: { " \t[{,".unicodeScalars.contains($0) }).last
        return word?.first == "*" && (word?.count ?? 0) > 1
    }
}
