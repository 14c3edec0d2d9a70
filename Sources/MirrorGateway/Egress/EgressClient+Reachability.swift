extension EgressClient {
    /// Whether an upstream may be asked now: its breaker is not open.
    func isReachable(_ upstream: String) -> Bool { health(of: upstream).breaker != .open }
}
