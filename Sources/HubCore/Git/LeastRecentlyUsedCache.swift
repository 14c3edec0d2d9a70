/// A bounded map that drops about half of what was not used lately when it is full.
///
/// Two generations rather than a list: every operation is one or two dictionary look-ups.
struct LeastRecentlyUsedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let generationSize: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    /// - Parameter capacity: the most values kept.
    init(capacity: Int) {
        generationSize = max(1, capacity / 2)
    }

    /// The value, which thereby counts as used.
    mutating func value(for key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, for: key)
        return value
    }

    /// Keeps a value.
    mutating func insert(_ value: Value, for key: Key) {
        if young.count >= generationSize, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = value
    }

    /// Forgets the values whose key fits.
    mutating func removeAll(where fits: (Key) -> Bool) {
        young = young.filter { !fits($0.key) }
        old = old.filter { !fits($0.key) }
    }
}
