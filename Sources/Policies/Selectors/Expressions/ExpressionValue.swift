/// A value that an expression computes with.
enum ExpressionValue: Sendable, Hashable {
    case text(String)
    case number(Double)
    case list([String])
    case boolean(Bool)
}
