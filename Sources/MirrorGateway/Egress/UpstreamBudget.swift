/// What may still be asked of an upstream now, by the limits of its mirror file.
package struct UpstreamBudget: Sendable, Equatable {
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
}
