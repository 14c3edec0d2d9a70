import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Source of time for everything that stores or compares it, injected so that tests need no sleeping.
package struct WallClock: Sendable {
    /// Milliseconds since 1970.
    package let now: @Sendable () -> Int64

    package init(now: @escaping @Sendable () -> Int64) { self.now = now }

    package static let system = WallClock { Int64(Date().timeIntervalSince1970 * 1000) }
}

/// Makes time-ordered 63-bit ids: milliseconds since 2024 in the upper bits, randomness and a counter below,
/// so that two processes on one database do not meet.
package final class IdentifierSource: Sendable {
    private let last = Mutex<Int64>(0)
    private let clock: WallClock
    private static let epoch: Int64 = 1_704_067_200_000

    package init(clock: WallClock) { self.clock = clock }

    /// The smallest id that was made at a time or later.
    static func first(at milliseconds: Int64) -> Int64 { max(0, milliseconds - epoch) << 20 }

    package func next() -> Int64 {
        let milliseconds = max(0, clock.now() - Self.epoch)
        let candidate = (milliseconds << 20) | Int64.random(in: 0..<(1 << 20))
        return last.withLock { last in
            last = max(candidate, last + 1)
            return last
        }
    }
}
