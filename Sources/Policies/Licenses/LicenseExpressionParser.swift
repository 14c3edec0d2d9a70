/// Parses SPDX licence expressions (SPDX 2.3, annex D): `WITH` binds tighter than `AND`, `AND` tighter than `OR`.
struct LicenseExpressionParser {
    private let tokens: [String]
    private var position = 0
    private static let maximumTokens = 200
    private static let maximumDepth = 16

    /// nil when the text has no operator, and so is no expression.
    init?(_ text: String) {
        guard text.utf8.count <= 2_048 else { return nil }
        var tokens: [String] = []
        var word = ""
        for character in text {
            if character == "(" || character == ")" || character.isWhitespace {
                if !word.isEmpty { tokens.append(word) }
                word = ""
                if !character.isWhitespace { tokens.append(String(character)) }
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { tokens.append(word) }
        guard tokens.count > 1, tokens.count <= Self.maximumTokens else { return nil }
        self.tokens = tokens
    }

    /// nil when the text is not an expression.
    mutating func parse() -> LicenseExpression? {
        guard let expression = any(depth: 0), position == tokens.count else { return nil }
        return expression
    }

    private mutating func any(depth: Int) -> LicenseExpression? {
        guard depth < Self.maximumDepth, let first = all(depth: depth) else { return nil }
        var parts = [first]
        while take("OR") {
            guard let next = all(depth: depth) else { return nil }
            parts.append(next)
        }
        return parts.count == 1 ? first : .any(parts)
    }

    private mutating func all(depth: Int) -> LicenseExpression? {
        guard let first = single(depth: depth) else { return nil }
        var parts = [first]
        while take("AND") {
            guard let next = single(depth: depth) else { return nil }
            parts.append(next)
        }
        return parts.count == 1 ? first : .all(parts)
    }

    private mutating func single(depth: Int) -> LicenseExpression? {
        if take("(") {
            guard let inner = any(depth: depth + 1), take(")") else { return nil }
            return inner
        }
        guard let word = word() else { return nil }
        if let replaced = LicenseExpression.replaced(word) { return replaced }
        let license = License.normalize(word)
        guard take("WITH") else { return .license(license) }
        guard let exception = self.word() else { return nil }
        return .with(license, exception: SPDXIdentifiers.exceptions[exception.lowercased()] ?? exception)
    }

    private mutating func word() -> String? {
        guard position < tokens.count else { return nil }
        let token = tokens[position]
        guard !["(", ")", "AND", "OR", "WITH"].contains(token.uppercased()) else { return nil }
        position += 1
        return token
    }

    private mutating func take(_ token: String) -> Bool {
        guard position < tokens.count, tokens[position].uppercased() == token else { return false }
        position += 1
        return true
    }
}
