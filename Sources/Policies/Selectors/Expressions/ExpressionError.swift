/// Why a `when:` text is not an expression.
struct ExpressionError: Error, Sendable, Equatable {
    let message: String
    /// Counted in Unicode scalars from 0.
    let offset: Int
    let remedy: String
}
