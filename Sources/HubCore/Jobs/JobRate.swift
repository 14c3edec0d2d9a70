/// How fast something goes, from what was seen in the last seconds. It knows nothing of what was before it began to
/// look, so that a start anew makes no leap.
package struct JobRate: Sendable {
    private var samples: [(at: Int64, bytes: Int64)] = []
    /// Milliseconds.
    private let window: Int64

    package init(window: Int64 = 15_000) { self.window = window }

    /// - Parameters:
    ///   - time: milliseconds, not before the last one.
    ///   - bytes: all so far.
    package mutating func record(_ bytes: Int64, at time: Int64) {
        // A clock that was set back, or work that was begun anew, says nothing of the speed.
        if let last = samples.last, time < last.at || bytes < last.bytes { samples = [] }
        samples.append((time, bytes))
        let horizon = time - window
        // One from before the window stays: what came since is counted from there.
        while samples.count > 2, samples[1].at <= horizon { samples.removeFirst() }
    }

    /// Nil before a second has been seen.
    package var bytesPerSecond: Int64? {
        guard let first = samples.first, let last = samples.last, last.at - first.at >= 1_000 else { return nil }
        return (last.bytes - first.bytes) * 1_000 / (last.at - first.at)
    }

    /// Seconds until so many more bytes are here; nil while nothing comes.
    package func seconds(for bytes: Int64) -> Int64? {
        guard bytes > 0 else { return 0 }
        guard let bytesPerSecond, bytesPerSecond > 0 else { return nil }
        return (bytes + bytesPerSecond - 1) / bytesPerSecond
    }
}
