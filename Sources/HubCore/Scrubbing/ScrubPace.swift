/// Keeps reading within so many bytes a second, so that a scrub is not noticed by those who are served.
package actor ScrubPace {
    /// Bytes a second; nil for as fast as it goes.
    private let rate: Int64?
    private var due = ContinuousClock.now

    /// Bytes that are read between two looks at the time.
    package static let slice: Int64 = 4 << 20

    /// - Parameter rate: bytes a second; nil or 0 for as fast as it goes.
    package init(rate: Int64?) { self.rate = rate.flatMap { $0 > 0 ? $0 : nil } }

    /// Waits until so many bytes more may have been read.
    /// - Throws: `CancellationError`.
    func spend(_ bytes: Int64) async throws {
        try Task.checkCancellation()
        guard let rate, bytes > 0 else { return }
        let now = ContinuousClock.now
        due = max(due, now) + .nanoseconds(Int64(min(Double(bytes) / Double(rate) * 1e9, 3.6e12)))
        if due > now { try await Task.sleep(until: due, clock: .continuous) }
    }
}
