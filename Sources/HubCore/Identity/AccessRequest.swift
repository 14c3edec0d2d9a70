/// Somebody's wish to be let through a repository's gate.
package struct AccessRequest: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable {
        case pending, accepted, rejected
    }

    package let id: Int64
    /// Who asks.
    package let user: User
    package let status: Status
    /// What he filled in, as it came.
    package let fields: JSONValue
    /// Milliseconds since 1970.
    package let requestedAt: Int64
    /// Why it was rejected.
    package let reason: String?
    /// Who decided; nil while nobody has.
    package let decidedBy: String?
}
