/// What a card says about its licence, once it has been read.
package enum LicenseFact: Sendable, Hashable {
    /// There is no card, or it names no licence.
    case unknown
    /// The values of the card's `license` field: identifiers or SPDX expressions.
    case declared([String])

    /// The declared licences as one expression.
    package var expression: LicenseExpression {
        switch self {
        case .unknown: .license(.unknown)
        case .declared(let values): LicenseExpression(declared: values)
        }
    }
}
