/// What a card declares: one licence, or several joined as an SPDX expression (`OR`: choose one, `AND`: all apply).
package indirect enum LicenseExpression: Sendable, Hashable, CustomStringConvertible {
    case license(License)
    /// A licence with an exception that loosens it.
    case with(License, exception: String)
    case all([LicenseExpression])
    case any([LicenseExpression])

    /// Reads the values of a card's `license` field. Several values all apply: a card does not say which holds for what.
    package init(declared values: [String]) {
        let parts = values.map(Self.init(parsing:))
        self = parts.count == 1 ? parts[0] : parts.isEmpty ? .license(.unknown) : .all(parts)
    }

    /// Reads one value: an identifier, or an SPDX expression. A text that is neither is a licence nobody knows.
    package init(parsing text: String) {
        if let replaced = Self.replaced(text) {
            self = replaced
            return
        }
        let license = License.normalize(text)
        if license.recognition == .unrecognised, var parser = LicenseExpressionParser(text),
            let expression = parser.parse()
        {
            self = expression
        } else {
            self = .license(license)
        }
    }

    /// What took the place of a deprecated identifier that stood for a licence with its exception.
    static func replaced(_ text: String) -> LicenseExpression? {
        guard let replacement = SPDXIdentifiers.replacements[text.trimmingSpaces().lowercased()] else { return nil }
        let words = replacement.split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        return .with(License.normalize(words[0]), exception: words[2])
    }

    /// Every licence named, in order.
    package var licenses: [License] {
        switch self {
        case .license(let license), .with(let license, _): [license]
        case .all(let parts), .any(let parts): parts.flatMap(\.licenses)
        }
    }

    /// The obligations nobody can choose to avoid: united over `AND`, intersected over `OR`.
    package var flags: Set<LicenseFlag> {
        switch self {
        case .license(let license), .with(let license, _): return license.flags
        case .all(let parts): return parts.reduce(into: []) { $0.formUnion($1.flags) }
        case .any(let parts):
            guard let first = parts.first else { return [] }
            return parts.dropFirst().reduce(into: first.flags) { $0.formIntersection($1.flags) }
        }
    }

    package var description: String { rendered(\.id) }

    /// The expression as the card spelled its identifiers.
    package var declared: String { rendered(\.declared) }

    private func rendered(_ name: (License) -> String) -> String {
        switch self {
        case .license(let license): name(license)
        case .with(let license, let exception): "\(name(license)) WITH \(exception)"
        case .all(let parts): parts.map { $0.group(name) }.joined(separator: " AND ")
        case .any(let parts): parts.map { $0.group(name) }.joined(separator: " OR ")
        }
    }

    private func group(_ name: (License) -> String) -> String {
        switch self {
        case .all, .any: "(\(rendered(name)))"
        default: rendered(name)
        }
    }
}
