/// One licence: its canonical identifier and what it obliges to.
package struct License: Sendable, Hashable, CustomStringConvertible {
    /// How much is known about an identifier.
    package enum Recognition: Sendable, Hashable {
        /// On the SPDX licence list.
        case spdx
        /// Known to us, not to SPDX: `LicenseRef-…`.
        case reference
        /// A family such as `gpl` that does not say which licence.
        case family
        /// `other` or `unknown`.
        case noInformation
        /// Text that we do not know; policies treat it as `other`.
        case unrecognised
    }

    /// Canonical identifier: SPDX where SPDX has one, else `LicenseRef-…`, a family's name, `other` or `unknown`.
    package let id: String
    package let flags: Set<LicenseFlag>
    package let recognition: Recognition
    /// What the card or the policy file said.
    package let declared: String

    package var description: String { id }

    /// No licence was declared at all.
    package static let unknown = License(
        id: "unknown", flags: [.noInformation], recognition: .noInformation, declared: "unknown")

    /// The licence that an identifier means: SPDX and Hugging Face identifiers in any case, and common spellings.
    /// O(length of the text).
    package static func normalize(_ text: String) -> License {
        let trimmed = text.trimmingSpaces()
        let key = trimmed.lowercased()
        guard !key.isEmpty else { return .unknown }
        let canonical = LicenseTable.aliases[key] ?? replacement(of: key) ?? key
        if let entry = LicenseTable.entries[canonical.lowercased()] {
            return License(id: entry.id, flags: entry.flags, recognition: entry.recognition, declared: trimmed)
        }
        if let modified = modified(named: trimmed) { return modified }
        // `MPL-2.0+`: this version or a later one, at the recipient's choice.
        if key.hasSuffix("+"), let entry = LicenseTable.entries[String(key.dropLast())], entry.recognition == .spdx {
            return License(id: entry.id + "+", flags: entry.flags, recognition: .spdx, declared: trimmed)
        }
        if isReference(trimmed) {
            return License(id: trimmed, flags: [.noInformation], recognition: .reference, declared: trimmed)
        }
        return License(id: trimmed, flags: [.noInformation], recognition: .unrecognised, declared: trimmed)
    }

    /// What took the place of a deprecated identifier, where that is one licence.
    private static func replacement(of key: String) -> String? {
        SPDXIdentifiers.replacements[key].flatMap { $0.contains(" ") ? nil : $0 }
    }

    /// Whether a text has the form of an SPDX user-defined reference, possibly into another document.
    static func isReference(_ text: String) -> Bool {
        if text.lowercased().hasPrefix("documentref-"), let colon = text.firstIndex(of: ":") {
            let document = text[..<colon].dropFirst("documentref-".count)
            return !document.isEmpty
                && document.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) }
                && isReference(String(text[text.index(after: colon)...]))
        }
        guard text.lowercased().hasPrefix("licenseref-"), text.utf8.count > 11, text.utf8.count <= 128 else {
            return false
        }
        return text.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-.+".unicodeScalars.contains($0))
        }
    }
}

extension StringProtocol {
    /// The text without white space at its ends.
    func trimmingSpaces() -> String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
