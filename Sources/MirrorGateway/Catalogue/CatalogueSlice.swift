import HubCore

/// What asking an upstream about one repository after another comes to: which answers are recorded, and when to stop.
///
/// A value without clock and network; ``CatalogueFollower`` drives it.
struct CatalogueSlice: Sendable {
    /// What came of one question.
    enum Outcome: Sendable {
        case described(RemoteDescription)
        case absent
        case failed(HubError)
    }

    /// Why nothing more is asked for now.
    struct Stop: Sendable, Equatable {
        let reason: String
        /// Seconds; nil where the upstream does not say.
        let retryAfter: Int?
    }

    /// Failures in a row after which the upstream itself is taken to have failed.
    static let failuresInARow = 3
    /// Refusals without a single answer after which it is taken to refuse us, and not the repositories.
    static let refusalsAlone = 10
    /// Tries about one repository until it is named again.
    static let maximumAttempts = 8

    /// Answers that can be recorded.
    private(set) var observations: [RemoteObservation] = []
    private(set) var stop: Stop?
    private var answers = 0
    private var failures = 0
    /// Refusals that wait for any answer, which shows that it is not our credentials that are refused.
    private var refused: [RemoteObservation] = []

    /// Takes one outcome.
    /// - Parameters:
    ///   - attempts: how often it was asked in vain before.
    ///   - now: milliseconds since 1970.
    mutating func take(_ outcome: Outcome, of repository: UpstreamPath, attempts: Int, now: Int64, upstream: String) {
        switch outcome {
        case .described(let description):
            answers += 1
            failures = 0
            observations.append(.described(description))
            // A renamed repository answers under its new name; the old name is not there any more.
            if description.path.lowercased() != repository.path.lowercased() {
                observations.append(
                    .gone(repository.kind, path: repository.path, reason: "It is called \(description.path) now."))
            }
        case .absent:
            answers += 1
            failures = 0
            observations.append(
                .gone(
                    repository.kind, path: repository.path,
                    reason: "Upstream \(upstream) does not have it any more."))
        case .failed(let error)
        where error.code == .upstreamRefused || error.code == .policyDenied
            || error.code == .policyReview || error.code == .gated:
            refused.append(.restricted(repository.kind, path: repository.path, reason: error.line))
            if answers == 0, refused.count >= Self.refusalsAlone {
                refused = []
                stop = Stop(reason: error.line, retryAfter: nil)
            }
        case .failed(let error):
            fail(error, repository, attempts: attempts, now: now)
        }
        if answers > 0 {
            observations += refused
            refused = []
        }
    }

    private mutating func fail(_ error: HubError, _ repository: UpstreamPath, attempts: Int, now: Int64) {
        failures += 1
        let pause = Int64(60_000) << Int64(min(attempts, 10))
        let isLast = attempts + 1 >= Self.maximumAttempts && error.retryAfter == nil
        observations.append(
            .failed(
                repository.kind, path: repository.path,
                retryAt: isLast ? nil : now + max(pause, Int64(error.retryAfter ?? 0) * 1_000)))
        guard error.code == .upstreamUnavailable || error.code == .shuttingDown || error.code == .tooManyRequests else {
            return
        }
        // Who says when to come back means every question.
        if error.retryAfter != nil || failures >= Self.failuresInARow {
            stop = Stop(reason: error.line, retryAfter: error.retryAfter)
        }
    }

    /// Hands over what can be recorded, and forgets it.
    mutating func drain() -> [RemoteObservation] {
        defer { observations = [] }
        return observations
    }

    /// The end: refusals of some repositories alone, too few to mean all of them.
    mutating func finish() -> [RemoteObservation] {
        if stop == nil {
            observations += refused
            refused = []
        }
        return drain()
    }
}
