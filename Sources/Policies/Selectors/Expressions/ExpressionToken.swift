/// One word of an expression and where it begins, counted in Unicode scalars from 0.
struct ExpressionToken: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case name(String)
        case text(String)
        case number(Double)
        case symbol(String)
        case end
    }

    let kind: Kind
    let offset: Int

    /// The token as people would say it.
    var spoken: String {
        switch kind {
        case .name(let name): "'\(name)'"
        case .text(let text): "\"\(text)\""
        case .number: "a number"
        case .symbol(let symbol): "'\(symbol)'"
        case .end: "the end"
        }
    }
}
