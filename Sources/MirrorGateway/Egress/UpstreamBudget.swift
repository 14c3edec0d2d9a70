/// What may still be asked of an upstream now, by the limits of its mirror file and by its own.
package struct UpstreamBudget: Sendable, Equatable {
    /// What the upstream itself says about requests of one kind.
    package struct Remote: Sendable, Equatable {
        /// `api` for what describes, `resolve` for files and git.
        package var kind: String
        /// Requests of a whole window; nil where it does not say.
        package var limit: Int?
        /// Requests left of the window; nil where it does not say.
        package var remaining: Int?
        /// Seconds until the window is over, or until it may be asked again.
        package var resetsIn: Int?
        /// Whether it asked to be left alone until then.
        package var isShut: Bool
    }

    /// Of requests for descriptions, in these five minutes; nil where nothing limits them.
    package var apiRequestsLeft: Int?
    /// Of requests for content.
    package var resolveRequestsLeft: Int?
    /// Bytes that came today (UTC).
    package var bytesToday: Int64
    /// Bytes that may still come today; nil where nothing limits them.
    package var bytesLeftToday: Int64?
    /// Bytes a second that may come now; nil where nothing limits them.
    package var bandwidth: Int64?
    /// Of the requests and bytes of a whole window or day, what a sync leaves to people; nil where nothing limits them.
    package var apiRequestsReserved: Int?
    package var resolveRequestsReserved: Int?
    package var bytesReserved: Int64?
    package var remote: [Remote] = []
}
