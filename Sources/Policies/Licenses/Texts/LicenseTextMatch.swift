/// What the text of a licence file turned out to be.
package struct LicenseTextMatch: Sendable, Hashable, Codable {
    /// How a licence was recognised.
    package enum Method: String, Sendable, Hashable, Codable {
        /// Nothing but the words of the licence.
        case exact
        /// Nearly the words of the licence.
        case similar
        /// The usual short notice that names the licence.
        case notice
        /// A line `SPDX-License-Identifier: …`.
        case identifier
        /// The title and telling phrases of a vendor's terms.
        case title
    }

    /// One licence in the text.
    package struct Part: Sendable, Hashable, Codable {
        /// A canonical licence identifier or, from an identifier line, an expression.
        package let license: String
        package let method: Method
        /// 0 to 1: how much of the words are those of the licence; below 1 for anything but the very words.
        package let confidence: Double
        /// Lines of the file, from 1.
        package let firstLine: Int
        package let lastLine: Int
        /// Clauses that are not the licence's were added to it, or clauses of it are missing.
        package let isModified: Bool
        /// What the added clauses seem to ask for.
        package let added: [LicenseFlag]
        /// For people: `lines 1–202: 99 % the words of Apache-2.0`.
        package let evidence: String

        /// The licence as policies see it: one that was modified is another licence, which no list names by accident.
        package var expression: LicenseExpression {
            guard isModified else { return LicenseExpression(parsing: license) }
            return .license(.modified(license, added: added))
        }

        package init(
            license: String, method: Method, confidence: Double, firstLine: Int, lastLine: Int,
            isModified: Bool = false, added: [LicenseFlag] = [], evidence: String
        ) {
            self.license = license
            self.method = method
            self.confidence = confidence
            self.firstLine = firstLine
            self.lastLine = lastLine
            self.isModified = isModified
            self.added = added
            self.evidence = evidence
        }
    }

    /// In the order of the text; never empty.
    package let parts: [Part]
    /// Whether the text offers a choice among its parts, as `either the MIT or the Apache licence, at your option`.
    package let isChoice: Bool

    package init(parts: [Part], isChoice: Bool = false) {
        self.parts = parts
        self.isChoice = isChoice
    }

    /// All parts as one expression: those of one file all apply, unless the text offers the choice.
    package var expression: LicenseExpression {
        var seen: Set<String> = []
        let expressions = parts.map(\.expression).filter { seen.insert($0.description).inserted }
        if expressions.count == 1, let only = expressions.first { return only }
        if expressions.isEmpty { return .license(.unknown) }
        return isChoice ? .any(expressions) : .all(expressions)
    }

    /// That of the least certain part.
    package var confidence: Double { parts.map(\.confidence).min() ?? 0 }

    package var isModified: Bool { parts.contains(where: \.isModified) }

    /// One line for people.
    package var evidence: String { parts.map(\.evidence).joined(separator: "; ") }
}
