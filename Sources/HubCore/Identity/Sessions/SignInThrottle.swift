/// Counts failed tries to sign in: per account, per network and altogether (S44). A try that succeeds is given back, so
/// that people behind one address do not stand in each other's way.
actor SignInThrottle {
    struct Limits: Sendable {
        var account = TokenBucket.Size(capacity: 10, rate: 1.0 / 30)
        var network = TokenBucket.Size(capacity: 30, rate: 1.0 / 4)
        var all = TokenBucket.Size(capacity: 300, rate: 20)
        /// Accounts and networks that are remembered at most.
        var memory = 20_000
    }

    private enum Key: Hashable {
        case account(String)
        case network(String)
        case all
    }

    private let limits: Limits
    private var buckets: [Key: TokenBucket] = [:]

    init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Asks for one try. The network is asked first, so that one of them uses up nothing that others need.
    /// - Throws: `.tooManyRequests` with the time after which to come back.
    func take(account: String, address: String?, now: Int64) throws {
        let keys = keys(account, address)
        for key in keys {
            let wait = bucket(key, now).wait(at: now)
            guard wait == 0 else {
                throw HubError(
                    .tooManyRequests, "There were too many failed tries to sign in.",
                    remedy: "Try again in \(wait) seconds.", retryAfter: wait)
            }
        }
        for key in keys {
            var bucket = bucket(key, now)
            bucket.take(at: now)
            buckets[key] = bucket
        }
        if buckets.count > limits.memory { forget(now) }
    }

    /// Gives a try back that was none.
    func giveBack(account: String, address: String?, now: Int64) {
        for key in keys(account, address) { buckets[key]?.giveBack(at: now) }
    }

    private func keys(_ account: String, _ address: String?) -> [Key] {
        let network = address.flatMap(IPAddress.init)?.network ?? "unknown"
        return [.network(network), .account(RepositoryID.key(String(account.prefix(96)))), .all]
    }

    private func bucket(_ key: Key, _ now: Int64) -> TokenBucket {
        if let known = buckets[key] { return known }
        let size =
            switch key {
            case .account: limits.account
            case .network: limits.network
            case .all: limits.all
            }
        return TokenBucket(size, now: now)
    }

    /// Forgets whoever has nothing to wait for, and if that is not enough, a quarter of those who have least.
    private func forget(_ now: Int64) {
        buckets = buckets.filter { $0.value.level(at: now) < $0.value.size.capacity }
        guard buckets.count > limits.memory * 3 / 4 else { return }
        let calm = buckets.filter { $0.key != .all }.sorted {
            $0.value.level(at: now) / $0.value.size.capacity > $1.value.level(at: now) / $1.value.size.capacity
        }
        for (key, _) in calm.prefix(limits.memory / 4) { buckets[key] = nil }
    }
}
