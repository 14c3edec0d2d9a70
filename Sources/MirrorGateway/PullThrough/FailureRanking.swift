import HubCore

/// What to tell when no upstream of several could give what was asked: the failure that leaves most open.
///
/// That one of them does not have it proves nothing while another cannot be asked.
struct FailureRanking: Sendable {
    private var failure: HubError?

    /// The failure to tell, or `nothing` when there was none.
    func verdict(nothing: @autoclosure () -> HubError) -> HubError { failure ?? nothing() }

    mutating func note(_ error: HubError) {
        guard let known = failure, Self.rank(known) >= Self.rank(error) else { return failure = error }
    }

    /// Whether the failure is ours, so that asking the next upstream helps nobody.
    static func isOurs(_ error: HubError) -> Bool {
        switch error.code {
        case .storageFull, .storageCorrupt, .internalError, .shuttingDown: true
        default: false
        }
    }

    /// Whether asking anybody else is in vain: the failure is ours, or somebody else fetches the same.
    static func endsAll(_ error: HubError) -> Bool { isOurs(error) || error.code == .conflict }

    private static func rank(_ error: HubError) -> Int {
        switch error.code {
        case .repositoryNotFound, .revisionNotFound, .blobNotFound, .notFound: 0
        case .upstreamRefused: 1
        case .upstreamCorrupt: 2
        default: 3
        }
    }
}
