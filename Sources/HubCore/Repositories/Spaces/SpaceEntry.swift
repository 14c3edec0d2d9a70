/// Something the application in a space is told by its environment.
package struct SpaceEntry: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Written and never shown again.
        case secret
        case variable
    }

    package let key: String
    /// Nil for a secret.
    package let value: String?
    package let description: String
    /// Milliseconds since 1970.
    package let updatedAt: Int64
}
