/// What a namespace may hold and what it holds.
package struct QuotaAccount: Sendable, Hashable {
    /// The namespace.
    package let name: String
    /// Bytes it may hold; nil for any number.
    package let byteLimit: Int64?
    /// Repositories it may have; nil for any number.
    package let repositoryLimit: Int64?
    /// Whether the limits are the server's, not its own.
    package let isDefault: Bool
    /// Bytes it holds.
    package let used: Int64
    /// Bytes set aside for uploads on their way.
    package let reserved: Int64
    package let repositories: Int64
}

/// The limits of an account, as an administrator sets them.
package struct QuotaLimits: Sendable, Hashable {
    package enum Limit: Sendable, Hashable {
        /// What the server's default says.
        case inherited
        case unlimited
        case of(Int64)

        init(_ stored: Int64?) {
            switch stored {
            case nil: self = .inherited
            case .some(let value) where value >= QuotaLedger.unlimited: self = .unlimited
            case .some(let value): self = .of(value)
            }
        }

        var stored: Int64? {
            switch self {
            case .inherited: nil
            case .unlimited: QuotaLedger.unlimited
            case .of(let value): max(0, min(value, QuotaLedger.unlimited))
            }
        }
    }

    package var bytes: Limit
    package var repositories: Limit

    package init(bytes: Limit = .inherited, repositories: Limit = .inherited) {
        self.bytes = bytes
        self.repositories = repositories
    }
}

/// An account whose books do not agree with what its rows add up to.
package struct QuotaDeviation: Sendable, Hashable {
    package let name: String
    /// What the books said.
    package let booked: Int64
    /// What the links, uploads and git bytes add up to.
    package let counted: Int64
    /// What the books said is set aside, and what reservations add up to.
    package let bookedReserved: Int64
    package let countedReserved: Int64
}
