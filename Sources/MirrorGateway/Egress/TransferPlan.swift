/// One hop as the transfer thread needs it: everything decided, nothing looked up.
struct TransferPlan: Sendable {
    var method: String
    var url: EgressURL
    /// Complete: credentials and our name included.
    var headers: [(String, String)]
    var body: [UInt8]?
    var purpose: EgressRequest.Purpose
    var urgency = EgressUrgency.people
    var maximumBody: Int64?
    var connection: UpstreamConnection
    /// Addresses of the URL's host that are used instead of asking a resolver; empty to ask.
    var addresses: [String] = []
    /// How long it may take until the headers are here, waiting for a free connection included.
    var headTimeout: Duration
    /// Called on the transfer thread with bytes of body received.
    var meter: @Sendable (Int) -> Void

    var place: TransferFailure.Place { TransferFailure.Place(upstream: connection.name, origin: url.origin) }

    /// Inflated bytes of a compressed answer that are taken at most.
    static let inflatedLimit: Int64 = 64 << 20

    /// Bytes of body after which the answer is refused.
    var bodyLimit: Int64? {
        purpose == .api ? min(maximumBody ?? Self.inflatedLimit, Self.inflatedLimit) : maximumBody
    }
}
