/// One evaluation of an expression, in three-valued logic: what depends on an unknown fact is unknown,
/// unless the other side of `&&` or `||` decides.
struct ExpressionEvaluation {
    let facts: Facts
    let isComplete: Bool
    private(set) var missing: Set<ExpressionFact> = []

    init(facts: Facts, isComplete: Bool) {
        self.facts = facts
        self.isComplete = isComplete
    }

    mutating func truth(of term: Expression.Term) -> Bool? {
        guard case .boolean(let truth)? = value(of: term) else { return nil }
        return truth
    }

    private mutating func value(of term: Expression.Term) -> ExpressionValue? {
        switch term {
        case .literal(let value): return value
        case .fact(let fact):
            let value = fact.value(in: facts)
            if value == nil { missing.insert(fact) }
            return value
        case .not(let inner): return truth(of: inner).map { .boolean(!$0) }
        case .and(let left, let right):
            let first = truth(of: left)
            if first == false { return .boolean(false) }
            let second = truth(of: right)
            if second == false { return .boolean(false) }
            return first == nil || second == nil ? nil : .boolean(true)
        case .or(let left, let right):
            let first = truth(of: left)
            if first == true { return .boolean(true) }
            let second = truth(of: right)
            if second == true { return .boolean(true) }
            return first == nil || second == nil ? nil : .boolean(false)
        case .compare(let comparison, let left, let right, let asLicenses):
            guard let left = value(of: left), let right = value(of: right) else { return nil }
            return .boolean(Self.compare(comparison, left, right, asLicenses: asLicenses))
        case .element(let left, let right, let asLicenses):
            guard case .text(let text)? = value(of: left), case .list(let list)? = value(of: right) else { return nil }
            let wanted = Self.folded(text, asLicense: asLicenses)
            return .boolean(list.contains { Self.folded($0, asLicense: asLicenses) == wanted })
        case .matches(let inner, let glob):
            switch value(of: inner) {
            case .text(let text)?: return .boolean(glob.matches(text))
            case .list(let list)?: return .boolean(list.contains(where: glob.matches))
            default: return nil
            }
        case .test(let test, let left, let right):
            guard let left = value(of: left), case .text(let right)? = value(of: right) else { return nil }
            return .boolean(Self.test(test, left, right.lowercased()))
        case .has(let fact):
            if fact.isLicense || fact == .licenseFlags, facts.effectiveLicense == .license(.unknown) {
                return .boolean(false)
            }
            if fact.value(in: facts) != nil { return .boolean(true) }
            if isComplete { return .boolean(false) }
            missing.insert(fact)
            return nil
        case .size(let inner):
            switch value(of: inner) {
            case .text(let text)?: return .number(Double(text.unicodeScalars.count))
            case .list(let list)?: return .number(Double(list.count))
            default: return nil
            }
        }
    }

    private static func folded(_ text: String, asLicense: Bool) -> String {
        (asLicense ? LicenseExpression(parsing: text).description : text).lowercased()
    }

    private static func compare(
        _ comparison: Expression.Comparison, _ left: ExpressionValue, _ right: ExpressionValue, asLicenses: Bool
    ) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): ordered(comparison, left, right)
        case (.text(let left), .text(let right)):
            ordered(comparison, folded(left, asLicense: asLicenses), folded(right, asLicense: asLicenses))
        default: comparison == .notEqual ? left != right : comparison == .equal && left == right
        }
    }

    private static func ordered<Value: Comparable>(_ comparison: Expression.Comparison, _ left: Value, _ right: Value)
        -> Bool
    {
        switch comparison {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    private static func test(_ test: Expression.TextTest, _ left: ExpressionValue, _ right: String) -> Bool {
        switch left {
        case .text(let text):
            let text = text.lowercased()
            return switch test {
            case .startsWith: text.hasPrefix(right)
            case .endsWith: text.hasSuffix(right)
            case .contains: right.isEmpty || text.contains(right)
            }
        case .list(let list): return test == .contains && list.contains { $0.lowercased() == right }
        default: return false
        }
    }
}
