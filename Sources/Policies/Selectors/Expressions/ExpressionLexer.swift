/// Cuts the text of an expression into tokens.
struct ExpressionLexer {
    static let maximumLength = 4_096

    private static let pairs = ["&&", "||", "==", "!=", "<=", ">="]
    private static let singles = "!<>()[],."

    private let scalars: [UnicodeScalar]
    private var position = 0

    /// - Throws: `ExpressionError` for a character or literal that belongs to no token.
    static func tokens(of text: String) throws(ExpressionError) -> [ExpressionToken] {
        var lexer = ExpressionLexer(scalars: Array(text.unicodeScalars))
        guard lexer.scalars.count <= maximumLength else {
            throw ExpressionError(
                message: "is longer than \(maximumLength) characters", offset: 0, remedy: "split it into several rules")
        }
        var tokens: [ExpressionToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next() throws(ExpressionError) -> ExpressionToken {
        while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
        let start = position
        guard let scalar = peek(0) else { return ExpressionToken(kind: .end, offset: start) }
        if scalar == "\"" || scalar == "'" { return try text(quote: scalar) }
        if Self.isDigit(scalar) { return try number() }
        if Self.isWord(scalar) {
            while let next = peek(0), Self.isWord(next) { position += 1 }
            return ExpressionToken(kind: .name(string(from: start)), offset: start)
        }
        if let next = peek(1), Self.pairs.contains(String(scalar) + String(next)) {
            position += 2
            return ExpressionToken(kind: .symbol(string(from: start)), offset: start)
        }
        guard Self.singles.unicodeScalars.contains(scalar) else {
            throw ExpressionError(
                message: "has '\(scalar)', which is no operator", offset: start, remedy: Self.remedy(for: scalar))
        }
        position += 1
        return ExpressionToken(kind: .symbol(string(from: start)), offset: start)
    }

    private mutating func text(quote: UnicodeScalar) throws(ExpressionError) -> ExpressionToken {
        let start = position
        position += 1
        var content = String.UnicodeScalarView()
        while let scalar = peek(0) {
            position += 1
            if scalar == quote { return ExpressionToken(kind: .text(String(content)), offset: start) }
            if scalar == "\\", let escaped = peek(0) {
                position += 1
                content.append(escaped)
            } else {
                content.append(scalar)
            }
        }
        throw ExpressionError(
            message: "has a text without its closing quote", offset: start, remedy: "close it with \(quote)")
    }

    private mutating func number() throws(ExpressionError) -> ExpressionToken {
        let start = position
        while let scalar = peek(0), Self.isDigit(scalar) || (scalar == "." && peek(1).map(Self.isDigit) == true) {
            position += 1
        }
        let digits = string(from: start)
        let suffixStart = position
        while let scalar = peek(0), Self.isWord(scalar) { position += 1 }
        let suffix = string(from: suffixStart)
        let value =
            suffix.isEmpty ? Double(digits) : Quantity.parse(digits + suffix, units: Quantity.bytes).map(Double.init)
        guard let value else {
            throw ExpressionError(
                message: "has '\(digits)\(suffix)', which is no number", offset: start,
                remedy: "write digits, or a size such as 10GiB")
        }
        return ExpressionToken(kind: .number(value), offset: start)
    }

    private func peek(_ distance: Int) -> UnicodeScalar? {
        position + distance < scalars.count ? scalars[position + distance] : nil
    }

    private func string(from start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<position])
        return String(view)
    }

    private static func isDigit(_ scalar: UnicodeScalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isWord(_ scalar: UnicodeScalar) -> Bool {
        scalar == "_" || isDigit(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    private static func remedy(for scalar: UnicodeScalar) -> String {
        switch scalar {
        case "=": "compare with =="
        case "&": "write && for and"
        case "|": "write || for or"
        default: "operators are && || ! == != < <= > >= in"
        }
    }
}
