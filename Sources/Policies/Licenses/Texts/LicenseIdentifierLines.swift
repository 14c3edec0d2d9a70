import Foundation

/// Lines such as `SPDX-License-Identifier: MIT OR Apache-2.0`.
enum LicenseIdentifierLines {
    private static let key = "spdx-license-identifier:"

    /// What the lines of a text name; an identifier that nobody knows is not evidence of a licence.
    static func parts(of text: String) -> [LicenseTextMatch.Part] {
        var parts: [LicenseTextMatch.Part] = []
        var seen: Set<String> = []
        var read = 0
        for (index, line) in text.utf8.prefix(LicenseWords.limit).split(
            separator: 0x0A, omittingEmptySubsequences: false
        )
        .enumerated() {
            guard line.count <= 1_024, line.contains(0x3A) else { continue }
            let text = String(decoding: line, as: UTF8.self)
            guard let range = text.range(of: key, options: .caseInsensitive) else { continue }
            read += 1
            guard read <= 64 else { break }
            var value = text[range.upperBound...]
            for end in ["*/", "-->", "#}", "`", "\""] {
                if let found = value.range(of: end) { value = value[..<found.lowerBound] }
            }
            let expression = LicenseExpression(parsing: value.trimmingSpaces())
            guard expression != .license(.unknown),
                !expression.licenses.contains(where: { $0.recognition == .unrecognised }),
                seen.insert(expression.description).inserted, parts.count < 16
            else { continue }
            parts.append(
                LicenseTextMatch.Part(
                    license: expression.description, method: .identifier, confidence: 1, firstLine: index + 1,
                    lastLine: index + 1, evidence: "line \(index + 1): SPDX-License-Identifier \(expression)"))
        }
        return parts
    }
}
