import HubCore
import Synchronization

/// Remembers a bounded number of things for a time.
final class ExpiringMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let entries = Mutex<[Key: (until: Int64, value: Value)]>([:])
    private let clock: WallClock
    private let limit: Int

    /// - Parameter limit: entries kept; beyond it those that ended go, and when that is not enough, all.
    init(clock: WallClock, limit: Int = 100_000) {
        self.clock = clock
        self.limit = limit
    }

    /// Nil when nothing is remembered or its time is over.
    subscript(key: Key) -> Value? {
        let now = clock.now()
        return entries.withLock { entries in
            guard let entry = entries[key] else { return nil }
            guard entry.until > now else {
                entries[key] = nil
                return nil
            }
            return entry.value
        }
    }

    func remember(_ value: Value, for key: Key, lifetime: Duration) {
        let now = clock.now()
        entries.withLock { entries in
            if entries.count >= limit { entries = entries.filter { $0.value.until > now } }
            if entries.count >= limit { entries.removeAll() }
            entries[key] = (now &+ lifetime.milliseconds, value)
        }
    }

    func forget(_ key: Key) { entries.withLock { $0[key] = nil } }

    func forget(where isForgotten: (Key) -> Bool) {
        entries.withLock { entries in
            for key in entries.keys where isForgotten(key) { entries[key] = nil }
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000 &+ attoseconds / 1_000_000_000_000_000
    }
}
