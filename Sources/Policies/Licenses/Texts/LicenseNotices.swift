import Foundation

/// Sentences that name a licence instead of giving its text: `released under the MIT License`.
enum LicenseNotices {
    /// The licences that words (joined by spaces) name. In a longer text only those count that something is said to be
    /// under; a licence that is merely mentioned is not given.
    static func licenses(in words: String, isShort: Bool) -> [(id: String, phrase: String)] {
        let padded = " \(words) "
        var found: [(id: String, phrase: String, offset: Int)] = []
        for (phrase, id) in phrases {
            guard let range = padded.range(of: " \(phrase) "), isShort || isGiven(padded[..<range.lowerBound])
            else { continue }
            found.append((id, phrase, padded.utf8.distance(from: padded.startIndex, to: range.lowerBound)))
        }
        for (name, id) in gnu {
            guard let range = padded.range(of: " \(name) "), isShort || isGiven(padded[..<range.lowerBound]) else {
                continue
            }
            let after = padded[range.upperBound...].prefix(160)
            guard let version = version(in: after) else { continue }
            let isLater = after.contains("any later version") || after.contains("or later")
            found.append(
                (
                    "\(id)-\(version)-\(isLater ? "or-later" : "only")", "\(name) \(version)",
                    padded.utf8.distance(from: padded.startIndex, to: range.lowerBound)
                ))
        }
        if let creative = creativeCommons(padded, isShort: isShort) { found.append(creative) }
        var seen: Set<String> = []
        return found.sorted { $0.offset < $1.offset }.filter { seen.insert($0.id).inserted }
            .map { ($0.id, $0.phrase) }
    }

    /// Whether the words before a licence's name give something under it.
    private static func isGiven(_ before: Substring) -> Bool {
        let last = before.suffix(90).split(separator: " ").suffix(12)
        guard !last.contains("not"), !last.contains("compatible") else { return false }
        return last.contains { ["under", "license", "licensed", "released", "terms", "governed"].contains($0) }
    }

    private static func version(in text: Substring) -> String? {
        for word in text.split(separator: " ").prefix(14) {
            let number = word.drop { $0 == "v" }
            switch number {
            case "1", "1.0": return "1.0"
            case "2", "2.0": return "2.0"
            case "2.1": return "2.1"
            case "3", "3.0": return "3.0"
            default: continue
            }
        }
        return nil
    }

    /// `creative commons attribution noncommercial 4.0`, `cc by nc 4.0`.
    private static func creativeCommons(_ padded: String, isShort: Bool) -> (id: String, phrase: String, offset: Int)? {
        for opening in [" creative commons ", " cc by ", " cc0 "] {
            guard let range = padded.range(of: opening), isShort || isGiven(padded[..<range.lowerBound]) else {
                continue
            }
            let offset = padded.utf8.distance(from: padded.startIndex, to: range.lowerBound)
            let after = padded[range.upperBound...].prefix(120).split(separator: " ").prefix(12).map(String.init)
            if opening == " cc0 " || after.contains("cc0") || after.first == "zero" {
                return ("CC0-1.0", "cc0", offset)
            }
            guard let end = after.firstIndex(where: { ["1.0", "2.0", "2.5", "3.0", "4.0"].contains($0) }) else {
                continue
            }
            let terms = after[..<end]
            guard opening == " cc by " || terms.contains("attribution") || terms.contains("by") else { continue }
            var id = "CC-BY"
            let joined = " " + terms.joined(separator: " ") + " "
            func has(_ words: String...) -> Bool { words.contains { joined.contains(" \($0) ") } }
            if has("nc", "noncommercial", "non commercial") { id += "-NC" }
            if has("sa", "sharealike", "share alike") { id += "-SA" }
            if has("nd", "noderivatives", "noderivs", "no derivatives", "no derivs", "noderivative") { id += "-ND" }
            return ("\(id)-\(after[end])", "creative commons", offset)
        }
        return nil
    }

    private static let phrases: [(String, String)] = [
        ("apache license version 2.0", "Apache-2.0"), ("apache license 2.0", "Apache-2.0"),
        ("apache 2.0", "Apache-2.0"), ("apache license v2.0", "Apache-2.0"), ("apache license v2", "Apache-2.0"),
        ("mit license", "MIT"), ("mit licensed", "MIT"), ("bsd 3 clause", "BSD-3-Clause"),
        ("3 clause bsd", "BSD-3-Clause"), ("bsd 2 clause", "BSD-2-Clause"), ("2 clause bsd", "BSD-2-Clause"),
        ("isc license", "ISC"), ("boost software license version 1.0", "BSL-1.0"),
        ("mozilla public license version 2.0", "MPL-2.0"), ("mozilla public license 2.0", "MPL-2.0"),
        ("mozilla public license v 2.0", "MPL-2.0"), ("eclipse public license 2.0", "EPL-2.0"),
        ("eclipse public license v2.0", "EPL-2.0"), ("open data commons attribution license", "ODC-By-1.0"),
        ("open database license", "ODbL-1.0"), ("the unlicense", "Unlicense"),
        ("openmdw license agreement version 1.1", "OpenMDW-1.1"), ("openmdw 1.1", "OpenMDW-1.1"),
    ]

    private static let gnu: [(String, String)] = [
        ("gnu affero general public license", "AGPL"), ("gnu lesser general public license", "LGPL"),
        ("gnu general public license", "GPL"), ("gnu library general public license", "LGPL"),
        ("gnu gpl", "GPL"), ("gnu agpl", "AGPL"), ("gnu lgpl", "LGPL"),
    ]
}
