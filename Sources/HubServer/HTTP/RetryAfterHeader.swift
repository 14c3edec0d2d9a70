import HubCore

extension HubError {
    /// Waits beyond this are not for a program that somebody watches.
    static let longestPatience = 300
    /// What programs are told instead.
    private static let shortPause = 60

    /// Whether waiting as long as the error says is more than a running program should do.
    var isForLater: Bool { (retryAfter ?? 0) > Self.longestPatience }

    /// Seconds for `Retry-After`, where programs read it that sleep for as long as they are told: huggingface_hub and
    /// whatever stands on urllib3 would say nothing for hours. Those are named in the text, and the program gives up after
    /// its usual number of tries.
    /// - Parameter fallback: where the thrower gave no number.
    func patientRetryAfter(_ fallback: Int? = nil) -> Int? {
        (retryAfter ?? fallback).map { $0 > Self.longestPatience ? Self.shortPause : $0 }
    }
}
