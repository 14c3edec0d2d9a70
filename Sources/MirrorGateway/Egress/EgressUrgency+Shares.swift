extension EgressUrgency {
    /// How much of a budget it leaves untouched for those who go before it.
    private var reservedShare: Double {
        switch self {
        case .people: 0
        case .urgentSync: 0.1
        case .sync: 0.2
        case .browsing: 0.3
        }
    }

    /// What of a budget it may not use; never all of it, so that a small budget does not shut anybody out for ever.
    func reserve(of limit: Int64) -> Int64 {
        guard self != .people, limit > 1 else { return 0 }
        return min(limit - 1, Int64((Double(limit) * reservedShare).rounded(.up)))
    }

    func reserve(of limit: Int) -> Int { Int(reserve(of: Int64(limit))) }

    /// How large its part of a bandwidth is, beside those of others who want it at the same moment.
    var weight: Double {
        switch self {
        case .people: 16
        case .urgentSync: 4
        case .sync: 2
        case .browsing: 1
        }
    }
}
