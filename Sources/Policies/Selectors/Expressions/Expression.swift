/// The condition of a rule (`when:`): a small subset of CEL without loops, checked for types when it is parsed.
///
/// Operators: `&&`, `||`, `!`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`. Functions: `has(fact)`, `size(x)`, `x.matches(glob)`,
/// `list.exists(glob)`, `x.startsWith(text)`, `x.endsWith(text)`, `x.contains(text)`. Text is compared without regard to case.
struct Expression: Sendable, Hashable {
    enum Comparison: String, Sendable, Hashable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    enum TextTest: String, Sendable, Hashable {
        case startsWith
        case endsWith
        case contains
    }

    indirect enum Term: Sendable, Hashable {
        case literal(ExpressionValue)
        case fact(ExpressionFact)
        case not(Term)
        case and(Term, Term)
        case or(Term, Term)
        case compare(Comparison, Term, Term, asLicenses: Bool)
        /// The first is an element of the second.
        case element(Term, Term, asLicenses: Bool)
        /// A text, or any element of a list, matches.
        case matches(Term, Glob)
        case test(TextTest, Term, Term)
        case has(ExpressionFact)
        case size(Term)
    }

    /// As written.
    let text: String
    let term: Term
    /// The facts it reads.
    let facts: Set<ExpressionFact>
    /// The texts it compares with; explanations pick the licence flags out of them.
    let literals: Set<String>

    /// The truth, or nil when it depends on facts that are not known.
    struct Outcome: Equatable {
        let truth: Bool?
        let missing: Set<ExpressionFact>
    }

    /// - Parameter isComplete: no more facts will come, so that `has` of an unknown fact is false.
    func evaluate(_ facts: Facts, isComplete: Bool) -> Outcome {
        var evaluation = ExpressionEvaluation(facts: facts, isComplete: isComplete)
        let truth = evaluation.truth(of: term)
        return Outcome(truth: truth, missing: truth == nil ? evaluation.missing : [])
    }
}
