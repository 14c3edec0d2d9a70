/// Parses and type-checks a `when:` text by recursive descent.
struct ExpressionParser {
    typealias Term = Expression.Term
    typealias ValueType = ExpressionFact.ValueType

    /// A term, its type, and where it begins.
    private struct Typed {
        let term: Term
        let type: ValueType
        let offset: Int
        /// The fact when the term is nothing but one.
        var fact: ExpressionFact?
    }

    private static let maximumDepth = 32
    private static let methods = ["matches", "exists", "startsWith", "endsWith", "contains", "size"]
    private static let functions = ["has", "size"]

    private let tokens: [ExpressionToken]
    private var position = 0
    private var depth = 0
    private var facts: Set<ExpressionFact> = []
    private var literals: Set<String> = []

    /// - Throws: `ExpressionError` with the place in the text.
    static func parse(_ text: String) throws(ExpressionError) -> Expression {
        var parser = ExpressionParser(tokens: try ExpressionLexer.tokens(of: text))
        let root = try parser.disjunction()
        guard parser.current.kind == .end else {
            throw parser.unexpected("an operator such as && or the end")
        }
        try require(.boolean, root, "the whole expression")
        return Expression(text: text, term: root.term, facts: parser.facts, literals: parser.literals)
    }

    private init(tokens: [ExpressionToken]) {
        self.tokens = tokens
    }

    // The lexer always ends in `.end`, so the last token answers for everything behind it.
    private var current: ExpressionToken {
        position < tokens.count ? tokens[position] : ExpressionToken(kind: .end, offset: tokens.last?.offset ?? 0)
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard current.kind == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(ExpressionError) {
        guard take(symbol) else { throw unexpected("'\(symbol)'") }
    }

    private func unexpected(_ expected: String) -> ExpressionError {
        ExpressionError(
            message: "has \(current.spoken) where \(expected) is expected", offset: current.offset,
            remedy: "write a condition such as: license.flags.exists(\"non-commercial\") && org != \"research\"")
    }

    private static func require(_ type: ValueType, _ typed: Typed, _ what: String) throws(ExpressionError) {
        guard typed.type == type else {
            throw ExpressionError(
                message: "has a \(typed.type.rawValue) where \(what) must be \(type.rawValue)", offset: typed.offset,
                remedy: type == .boolean ? "compare it with something" : "use a value of that type")
        }
    }

    private mutating func disjunction() throws(ExpressionError) -> Typed {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw ExpressionError(
                message: "is nested deeper than \(Self.maximumDepth)", offset: current.offset,
                remedy: "split it into several rules")
        }
        var left = try conjunction()
        while take("||") {
            let right = try conjunction()
            try Self.require(.boolean, left, "each side of ||")
            try Self.require(.boolean, right, "each side of ||")
            left = Typed(term: .or(left.term, right.term), type: .boolean, offset: left.offset)
        }
        return left
    }

    private mutating func conjunction() throws(ExpressionError) -> Typed {
        var left = try relation()
        while take("&&") {
            let right = try relation()
            try Self.require(.boolean, left, "each side of &&")
            try Self.require(.boolean, right, "each side of &&")
            left = Typed(term: .and(left.term, right.term), type: .boolean, offset: left.offset)
        }
        return left
    }

    private mutating func relation() throws(ExpressionError) -> Typed {
        let left = try unary()
        if case .symbol(let symbol) = current.kind, let comparison = Expression.Comparison(rawValue: symbol) {
            let operatorOffset = current.offset
            position += 1
            let right = try unary()
            guard left.type == right.type else {
                throw ExpressionError(
                    message: "compares a \(left.type.rawValue) with a \(right.type.rawValue)", offset: operatorOffset,
                    remedy: "compare values of one type; texts stand in quotes, sizes are written 10GiB")
            }
            let isOrder = comparison != .equal && comparison != .notEqual
            guard left.type == .number || left.type == .text || !isOrder else {
                throw ExpressionError(
                    message: "orders two values of type \(left.type.rawValue)", offset: operatorOffset,
                    remedy: "use == or !=, or size(…)")
            }
            let asLicenses = left.fact?.isLicense == true || right.fact?.isLicense == true
            return Typed(
                term: .compare(comparison, left.term, right.term, asLicenses: asLicenses), type: .boolean,
                offset: left.offset)
        }
        guard current.kind == .name("in") else { return left }
        position += 1
        let right = try unary()
        try Self.require(.text, left, "the left side of 'in'")
        try Self.require(.list, right, "the right side of 'in'")
        let asLicenses = left.fact?.isLicense == true || right.fact?.isLicense == true
        return Typed(
            term: .element(left.term, right.term, asLicenses: asLicenses), type: .boolean, offset: left.offset)
    }

    private mutating func unary() throws(ExpressionError) -> Typed {
        var negations = 0
        let offset = current.offset
        while take("!") { negations += 1 }
        let inner = try postfix()
        guard negations > 0 else { return inner }
        try Self.require(.boolean, inner, "what '!' negates")
        return negations.isMultiple(of: 2) ? inner : Typed(term: .not(inner.term), type: .boolean, offset: offset)
    }

    private mutating func postfix() throws(ExpressionError) -> Typed {
        var receiver = try primary()
        while take(".") {
            guard case .name(let method) = current.kind else { throw unexpected("the name of a function") }
            let offset = current.offset
            guard Self.methods.contains(method) else {
                throw ExpressionError(
                    message: "has the unknown function '\(method)'", offset: offset,
                    remedy: Spelling.remedy(for: method, among: Self.methods, noun: "functions"))
            }
            position += 1
            try expect("(")
            receiver = try call(method, on: receiver, offset: offset)
            try expect(")")
        }
        return receiver
    }

    private mutating func call(_ method: String, on receiver: Typed, offset: Int) throws(ExpressionError) -> Typed {
        guard receiver.type == .text || receiver.type == .list, method != "exists" || receiver.type == .list else {
            throw ExpressionError(
                message: "calls \(method) on a \(receiver.type.rawValue)", offset: offset,
                remedy: method == "exists" ? "call exists on a list, matches on a text" : "call it on a text")
        }
        if method == "size" {
            return Typed(term: .size(receiver.term), type: .number, offset: receiver.offset)
        }
        guard let test = Expression.TextTest(rawValue: method) else {
            guard case .text(let pattern) = current.kind else { throw unexpected("a pattern in quotes") }
            let glob: Glob
            do {
                glob = try Glob(pattern, for: .text)
            } catch {
                throw ExpressionError(
                    message: "has the pattern '\(pattern)', which \(error.message)", offset: current.offset,
                    remedy: error.remedy)
            }
            literals.insert(pattern)
            position += 1
            return Typed(term: .matches(receiver.term, glob), type: .boolean, offset: receiver.offset)
        }
        guard receiver.type == .text || test == .contains else {
            throw ExpressionError(
                message: "calls \(method) on a \(receiver.type.rawValue)", offset: offset,
                remedy: "call exists(pattern) on a list")
        }
        let argument = try disjunction()
        try Self.require(.text, argument, "the argument of \(method)")
        return Typed(term: .test(test, receiver.term, argument.term), type: .boolean, offset: receiver.offset)
    }

    private mutating func primary() throws(ExpressionError) -> Typed {
        let token = current
        position += 1
        switch token.kind {
        case .text(let text):
            literals.insert(text)
            return Typed(term: .literal(.text(text)), type: .text, offset: token.offset)
        case .number(let number): return Typed(term: .literal(.number(number)), type: .number, offset: token.offset)
        case .name("true"): return Typed(term: .literal(.boolean(true)), type: .boolean, offset: token.offset)
        case .name("false"): return Typed(term: .literal(.boolean(false)), type: .boolean, offset: token.offset)
        case .name(let name):
            if current.kind == .symbol("(") { return try function(name, offset: token.offset) }
            return try fact(startingWith: name, offset: token.offset)
        case .symbol("("):
            let inner = try disjunction()
            try expect(")")
            return Typed(term: inner.term, type: inner.type, offset: token.offset, fact: inner.fact)
        case .symbol("["): return try list(offset: token.offset)
        case .symbol, .end:
            position -= 1
            throw unexpected("a fact or a value")
        }
    }

    private mutating func function(_ name: String, offset: Int) throws(ExpressionError) -> Typed {
        guard Self.functions.contains(name) else {
            let isMethod = Self.methods.contains(name)
            throw ExpressionError(
                message: "has the unknown function '\(name)'", offset: offset,
                remedy: isMethod
                    ? "write it behind what it tests: repo.\(name)(…)"
                    : Spelling.remedy(for: name, among: Self.functions + Self.methods, noun: "functions"))
        }
        try expect("(")
        let argumentOffset = current.offset
        let argument = try disjunction()
        try expect(")")
        if name == "has" {
            guard let fact = argument.fact else {
                throw ExpressionError(
                    message: "calls has on something that is no fact", offset: argumentOffset,
                    remedy: "write has(license) or another fact")
            }
            return Typed(term: .has(fact), type: .boolean, offset: offset)
        }
        guard argument.type == .text || argument.type == .list else {
            throw ExpressionError(
                message: "calls size on a \(argument.type.rawValue)", offset: argumentOffset,
                remedy: "size counts the characters of a text or the elements of a list; the fact 'size' is bytes")
        }
        return Typed(term: .size(argument.term), type: .number, offset: offset)
    }

    private mutating func fact(startingWith name: String, offset: Int) throws(ExpressionError) -> Typed {
        var path = name
        while current.kind == .symbol("."), position + 1 < tokens.count,
            case .name(let member) = tokens[position + 1].kind
        {
            let isCall = position + 2 < tokens.count && tokens[position + 2].kind == .symbol("(")
            if isCall { break }
            path += "." + member
            position += 2
        }
        guard let fact = ExpressionFact(rawValue: path) else {
            throw ExpressionError(
                message: "has the unknown fact '\(path)'", offset: offset,
                remedy: Spelling.remedy(for: path, among: ExpressionFact.allCases.map(\.rawValue), noun: "facts"))
        }
        facts.insert(fact)
        return Typed(term: .fact(fact), type: fact.type, offset: offset, fact: fact)
    }

    private mutating func list(offset: Int) throws(ExpressionError) -> Typed {
        var elements: [String] = []
        while current.kind != .symbol("]") {
            guard case .text(let text) = current.kind else { throw unexpected("a text in quotes") }
            elements.append(text)
            literals.insert(text)
            position += 1
            guard take(",") else { break }
        }
        try expect("]")
        return Typed(term: .literal(.list(elements)), type: .list, offset: offset)
    }
}
