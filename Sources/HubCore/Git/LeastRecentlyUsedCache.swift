/// A bounded map that drops about half of what was not used lately when it is full, and where it is asked to all that
/// was not used for a while: a busy server would fill it for days with what nobody asks for again.
///
/// Two generations rather than a list: every operation is one or two dictionary look-ups.
struct LeastRecentlyUsedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let generationSize: Int
    private let lifetime: Duration?
    /// When the young generation began.
    private var began = ContinuousClock.now
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    /// - Parameters:
    ///   - capacity: the most values kept.
    ///   - lifetime: for how long a value that nobody asks for is kept at least, and at most twice as long while others
    ///     come; nil for any time.
    init(capacity: Int, lifetime: Duration? = nil) {
        generationSize = max(1, capacity / 2)
        self.lifetime = lifetime
    }

    /// The value, which thereby counts as used.
    mutating func value(for key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, for: key)
        return value
    }

    /// Keeps a value.
    mutating func insert(_ value: Value, for key: Key) { insert(value, for: key, at: .now) }

    mutating func insert(_ value: Value, for key: Key, at now: ContinuousClock.Instant) {
        let isFull = young.count >= generationSize && young[key] == nil
        if isFull || lifetime.map({ now - began > $0 }) ?? false {
            old = young
            young = [:]
            began = now
        }
        young[key] = value
    }

    /// Forgets the values whose key fits.
    mutating func removeAll(where fits: (Key) -> Bool) {
        young = young.filter { !fits($0.key) }
        old = old.filter { !fits($0.key) }
    }
}
