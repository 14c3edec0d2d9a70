package import HubCore

/// What a route lets its caller do; every route says so (S1).
package enum RouteVerb: Sendable, Hashable, CustomStringConvertible {
    /// No repository is touched and anyone may call: `/livez`, `whoami`.
    case open
    /// Someone with an account, and no repository is touched.
    case authenticated
    /// The handler opens a repository for this verb.
    case repository(Verb)
    /// Administrators, and whoever was given this verb on the whole hub; the handler asks.
    case hub(Verb)
    /// Administrators only.
    case admin

    package var description: String {
        switch self {
        case .open: "open"
        case .authenticated: "authenticated"
        case .repository(let verb): verb.rawValue
        case .hub(let verb): "hub:\(verb.rawValue)"
        case .admin: "admin"
        }
    }
}
