package import HubCore

/// Decides what becomes of a job whose attempt failed: arithmetic only.
package struct JobRetries: Sendable {
    /// Milliseconds to wait after each failed attempt in a row; after the last one the job is given up.
    package var pauses: [Int64] = [
        10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000,
    ]
    /// Milliseconds that an upstream may make a job wait at most.
    package var longest: Int64 = 86_400_000

    package init() {}

    /// - Parameters:
    ///   - attempts: that failed in a row before this one.
    ///   - gotFurther: whether this one brought more than there was before it, so that the count begins anew.
    ///   - now: milliseconds since 1970.
    ///   - random: from 0 up to 1, so that jobs that failed together do not come back together.
    package func outcome(
        of error: HubError, attempts: Int, gotFurther: Bool, now: Int64, random: Double
    ) -> JobOutcome {
        guard error.retryAfter != nil || error.code == .upstreamUnavailable || error.code == .shuttingDown else {
            return .failed(error)
        }
        // Whoever is told to come back later did nothing wrong.
        let counts = error.code != .tooManyRequests && error.code != .shuttingDown
        let failed = (gotFurther ? 0 : attempts) + (counts ? 1 : 0)
        guard !counts || failed <= pauses.count else {
            return .failed(
                HubError(
                    error.code, "Given up after \(failed) attempts. \(error.message)", remedy: error.remedy,
                    status: error.status))
        }
        let full = pauses.isEmpty ? 0 : pauses[min(max(failed, 1), pauses.count) - 1]
        let backoff = Int64(Double(full) * (0.75 + random / 4))
        let asked = Int64(min(max(error.retryAfter ?? 0, 0), 1_000_000)) * 1_000
        let until = now + min(max(asked, counts ? backoff : min(backoff, pauses.first ?? 0)), longest)
        var why = "Tried again at \(JSONDate.text(milliseconds: until))"
        if counts { why += " (attempt \(failed + 1) of \(pauses.count + 1))" }
        return .again(at: until, why: "\(why): \(error.line)", counts: counts, startsAnew: gotFurther)
    }
}
