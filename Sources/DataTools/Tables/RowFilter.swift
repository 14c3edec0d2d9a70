import HubCore

/// Conditions on rows, as `"score" > 0.5 AND "lang" = 'zh'`: read by us, given to the engine with every value apart
/// from the text.
///
///     condition  = and { OR and }
///     and        = not { AND not }
///     not        = [NOT] ( "(" condition ")" | comparison )
///     comparison = column ( op value | [NOT] LIKE|ILIKE text | [NOT] IN "(" value {"," value} ")"
///                         | [NOT] BETWEEN value AND value | IS [NOT] NULL )
///     op         = "=" | "<>" | "!=" | ">" | ">=" | "<" | "<="
///     column     = "…" { "." "…" }, or a word
///     value      = number | '…' | true | false
package struct RowFilter: Sendable, Equatable {
    package let sql: String
    package let bindings: [TableRequest.Binding]

    /// Bytes of a condition, brackets in brackets, and values in one.
    private static let byteLimit = 16_384
    private static let depthLimit = 32
    private static let valueLimit = 500

    /// - Parameter columns: of the table; a value is compared as what its column is.
    /// - Throws: `.badRequest` that says where the condition goes wrong.
    package init(parsing text: String, columns: [TableColumn]) throws {
        guard text.utf8.count <= Self.byteLimit else {
            throw HubError(.badRequest, "The condition is longer than \(Self.byteLimit) bytes.")
        }
        var parser = Parser(tokens: try Token.read(text), columns: columns)
        let sql = try parser.condition(depth: 0)
        try parser.expectEnd()
        self.sql = sql
        bindings = parser.bindings
    }

    /// A condition on one column, as a page's form says it.
    /// - Returns: the condition as text; nil when the operator is none.
    package static func text(column: String, operation: String, value: String, type: ColumnType?) -> String? {
        let name = quoted(column)
        if operation == "null" { return "\(name) IS NULL" }
        if operation == "notnull" { return "\(name) IS NOT NULL" }
        if operation == "contains" {
            let escaped = value.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
            return "\(name) ILIKE '%\(escaped.replacing("'", with: "''"))%'"
        }
        guard ["=", "<>", ">", ">=", "<", "<="].contains(operation) else { return nil }
        if type?.isNumeric == true, Double(value)?.isFinite == true { return "\(name) \(operation) \(value)" }
        if type?.kind == .boolean, ["true", "false"].contains(value.lowercased()) {
            return "\(name) \(operation) \(value.lowercased())"
        }
        return "\(name) \(operation) '\(value.replacing("'", with: "''"))'"
    }

    package static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    // MARK: Words

    fileprivate enum Token: Equatable {
        case name(String)
        case word(String)
        case text(String)
        case number(String)
        case mark(String)

        static func read(_ text: String) throws -> [Token] {
            var tokens: [Token] = []
            var rest = text.unicodeScalars[...]
            while let first = rest.first {
                switch first {
                case " ", "\t", "\n", "\r": rest.removeFirst()
                case "\"": tokens.append(.name(try quoted(&rest, by: "\"")))
                case "'": tokens.append(.text(try quoted(&rest, by: "'")))
                case "(", ")", ",", ".", "=":
                    tokens.append(.mark(String(first)))
                    rest.removeFirst()
                case "<", ">", "!":
                    rest.removeFirst()
                    var mark = String(first)
                    if let next = rest.first, next == "=" || (first == "<" && next == ">") {
                        mark.unicodeScalars.append(next)
                        rest.removeFirst()
                    }
                    guard mark != "!" else { throw RowFilter.wrong("'!' stands alone") }
                    tokens.append(.mark(mark))
                case "0"..."9", "-", "+":
                    let digits = rest.prefix { isDigit($0) || "+-.eE".unicodeScalars.contains($0) }
                    rest = rest.dropFirst(digits.count)
                    tokens.append(.number(String(digits)))
                case _ where first.properties.isAlphabetic || first == "_":
                    let word = rest.prefix { $0.properties.isAlphabetic || isDigit($0) || $0 == "_" }
                    rest = rest.dropFirst(word.count)
                    tokens.append(.word(String(word)))
                default: throw RowFilter.wrong("'\(first)' is no part of one")
                }
            }
            return tokens
        }

        private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

        /// Within quotes, which are doubled to stand for themselves.
        private static func quoted(
            _ rest: inout Substring.UnicodeScalarView, by quote: Unicode.Scalar
        ) throws -> String {
            rest.removeFirst()
            var text = String.UnicodeScalarView()
            while let scalar = rest.popFirst() {
                if scalar == quote {
                    guard rest.first == quote else { return String(text) }
                    rest.removeFirst()
                }
                guard scalar.value != 0 else { break }
                text.append(scalar)
            }
            throw RowFilter.wrong("a quote is not closed")
        }
    }

    // MARK: Grammar

    private struct Parser {
        let tokens: [Token]
        let columns: [TableColumn]
        var place = 0
        var bindings: [TableRequest.Binding] = []

        init(tokens: [Token], columns: [TableColumn]) {
            self.tokens = tokens
            self.columns = columns
        }

        private var next: Token? { place < tokens.count ? tokens[place] : nil }

        private mutating func take(word: String) -> Bool {
            guard case .word(let found) = next, found.lowercased() == word else { return false }
            place += 1
            return true
        }

        private mutating func take(mark: String) -> Bool {
            guard next == .mark(mark) else { return false }
            place += 1
            return true
        }

        private mutating func require(mark: String) throws {
            guard take(mark: mark) else { throw RowFilter.wrong("'\(mark)' is missing \(here)") }
        }

        private var here: String {
            switch next {
            case .name(let text), .word(let text), .text(let text), .number(let text), .mark(let text):
                "before '\(text.prefix(40))'"
            case nil: "at the end"
            }
        }

        mutating func expectEnd() throws {
            guard next == nil else { throw RowFilter.wrong("nothing is expected \(here)") }
        }

        mutating func condition(depth: Int) throws -> String {
            guard depth < RowFilter.depthLimit else { throw RowFilter.wrong("it nests too deep") }
            var parts = [try conjunction(depth: depth)]
            while take(word: "or") { parts.append(try conjunction(depth: depth)) }
            return parts.count == 1 ? parts[0] : "(" + parts.joined(separator: " OR ") + ")"
        }

        private mutating func conjunction(depth: Int) throws -> String {
            var parts = [try negation(depth: depth)]
            while take(word: "and") { parts.append(try negation(depth: depth)) }
            return parts.count == 1 ? parts[0] : "(" + parts.joined(separator: " AND ") + ")"
        }

        private mutating func negation(depth: Int) throws -> String {
            if take(word: "not") {
                guard depth < RowFilter.depthLimit else { throw RowFilter.wrong("it nests too deep") }
                return "(NOT \(try negation(depth: depth + 1)))"
            }
            if take(mark: "(") {
                let inner = try condition(depth: depth + 1)
                try require(mark: ")")
                return inner
            }
            return try comparison()
        }

        private mutating func comparison() throws -> String {
            let (name, type) = try column()
            if take(word: "is") {
                let isNot = take(word: "not")
                guard take(word: "null") else { throw RowFilter.wrong("'NULL' is missing \(here)") }
                return "(\(name) IS \(isNot ? "NOT " : "")NULL)"
            }
            let negated = take(word: "not") ? "NOT " : ""
            for like in ["like", "ilike"] where take(word: like) {
                guard case .text(let pattern) = next else { throw RowFilter.wrong("a text is missing \(here)") }
                place += 1
                try bind(.text(pattern))
                return "(CAST(\(name) AS VARCHAR) \(negated)\(like.uppercased()) ? ESCAPE '\\')"
            }
            if take(word: "in") {
                try require(mark: "(")
                var values = [try value(as: type)]
                while take(mark: ",") { values.append(try value(as: type)) }
                try require(mark: ")")
                return "(\(name) \(negated)IN (\(values.joined(separator: ", "))))"
            }
            if take(word: "between") {
                let low = try value(as: type)
                guard take(word: "and") else { throw RowFilter.wrong("'AND' is missing \(here)") }
                return "(\(name) \(negated)BETWEEN \(low) AND \(try value(as: type)))"
            }
            guard negated.isEmpty, case .mark(let mark) = next, ["=", "<>", "!=", ">", ">=", "<", "<="].contains(mark)
            else { throw RowFilter.wrong("an operator is missing \(here)") }
            place += 1
            return "(\(name) \(mark) \(try value(as: type)))"
        }

        private mutating func column() throws -> (name: String, type: ColumnType?) {
            let first: String
            switch next {
            case .name(let text): first = text
            case .word(let text) where !["and", "or", "not"].contains(text.lowercased()): first = text
            default: throw RowFilter.wrong("the name of a column is missing \(here)")
            }
            place += 1
            guard
                let column = columns.first(where: { $0.name == first })
                    ?? columns.first(where: { $0.name.lowercased() == first.lowercased() })
            else { throw RowFilter.wrong("there is no column '\(first.prefix(80))'") }
            var (name, type) = (RowFilter.quoted(column.name), Optional(column.type))
            while take(mark: ".") {
                guard case .name(let member) = next else { throw RowFilter.wrong("a name is missing \(here)") }
                place += 1
                name += "." + RowFilter.quoted(member)
                type = type.flatMap { zip($0.names, $0.children).first { $0.0 == member }?.1 }
            }
            return (name, type)
        }

        private mutating func bind(_ binding: TableRequest.Binding) throws {
            guard bindings.count < RowFilter.valueLimit else { throw RowFilter.wrong("it has too many values") }
            bindings.append(binding)
        }

        private mutating func value(as type: ColumnType?) throws -> String {
            guard let token = next else { throw RowFilter.wrong("a value is missing at the end") }
            place += 1
            switch token {
            case .number(let text):
                if let integer = Int64(text) {
                    try bind(.integer(integer))
                } else if let number = Double(text), number.isFinite {
                    try bind(.number(number))
                } else {
                    throw RowFilter.wrong("'\(text.prefix(40))' is no number")
                }
                return type?.kind == .text ? "CAST(? AS VARCHAR)" : "?"
            case .text(let text):
                try bind(.text(text))
                return type.flatMap(Self.engineType).map { "CAST(? AS \($0))" } ?? "?"
            case .word(let word) where ["true", "false"].contains(word.lowercased()):
                try bind(.boolean(word.lowercased() == "true"))
                return "?"
            default: throw RowFilter.wrong("'\(token)' is no value")
            }
        }

        /// What a text is read as, to be compared with a column.
        private static func engineType(_ type: ColumnType) -> String? {
            switch type.kind {
            case .int8, .int16, .int32, .int64: "BIGINT"
            case .uint8, .uint16, .uint32, .uint64: "UBIGINT"
            case .int128, .uint128: "HUGEINT"
            case .float32, .float64, .decimal: "DOUBLE"
            case .boolean: "BOOLEAN"
            case .date: "DATE"
            case .time: "TIME"
            case .timestamp: "TIMESTAMP"
            case .timestampTZ: "TIMESTAMPTZ"
            case .uuid: "UUID"
            default: nil
            }
        }
    }

    private static func wrong(_ what: String) -> HubError {
        HubError(
            .badRequest, "The condition cannot be read: \(what).",
            remedy: "Write \"column\" = 'text', with =, <>, >, >=, <, <=, LIKE, IN, IS NULL, AND, OR, NOT.",
            status: 422)
    }
}

/// Columns by which rows are ordered, as `"score" DESC, "id"`.
package struct RowOrder: Sendable, Equatable {
    package struct Key: Sendable, Equatable {
        package let column: String
        package let isDescending: Bool
    }

    package let keys: [Key]

    /// - Throws: `.badRequest` for columns there are not.
    package init(parsing text: String, columns: [TableColumn]) throws {
        var keys: [Key] = []
        for part in Self.parts(text) {
            var name = part.trimmed
            var isDescending = false
            for (word, descends) in [(" desc", true), (" asc", false)] where name.lowercased().hasSuffix(word) {
                name = name.dropLast(word.count).description.trimmed
                isDescending = descends
            }
            if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
                name = String(name.dropFirst().dropLast()).replacing("\"\"", with: "\"")
            }
            guard let column = columns.first(where: { $0.name == name }) else {
                throw HubError(
                    .badRequest, "There is no column '\(name.prefix(80))' to order by.",
                    remedy: "Write \"column\" or \"column\" DESC.", status: 422)
            }
            keys.append(Key(column: column.name, isDescending: isDescending))
        }
        guard !keys.isEmpty, keys.count <= 8 else {
            throw HubError(.badRequest, "Rows are ordered by one to eight columns.", status: 422)
        }
        self.keys = keys
    }

    package var sql: String {
        keys.map { "\(RowFilter.quoted($0.column)) \($0.isDescending ? "DESC" : "ASC") NULLS LAST" }
            .joined(separator: ", ")
    }

    /// Between commas outside of quotes.
    private static func parts(_ text: String) -> [String] {
        var (parts, isQuoted) = ([""], false)
        for character in text.prefix(4_096) {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
