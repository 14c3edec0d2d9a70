import Foundation

/// Time and chance, injected: tests turn hours into a number.
package struct EgressTime: Sendable {
    /// Time since any fixed moment; never runs backwards.
    package var now: @Sendable () -> Duration
    /// Seconds since 1970, for dates in headers.
    package var unixSeconds: @Sendable () -> Int
    /// Throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// From 0 up to 1, for jitter.
    package var random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Duration,
        unixSeconds: @escaping @Sendable () -> Int,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.unixSeconds = unixSeconds
        self.sleep = sleep
        self.random = random
    }

    /// The real ones.
    package static let live = EgressTime(
        now: { EngineClock.now },
        unixSeconds: { Int(Date().timeIntervalSince1970) },
        sleep: { try await Task.sleep(for: $0) },
        random: { Double.random(in: 0..<1) })
}
