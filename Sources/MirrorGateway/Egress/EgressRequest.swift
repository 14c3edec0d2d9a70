/// One request to an upstream, with everything that bounds it.
package struct EgressRequest: Sendable {
    /// What the answer is for; it decides about encodings and the minimum rate, and labels the metrics.
    package enum Purpose: String, Sendable, CaseIterable {
        /// Metadata: may be compressed on the wire, at most 64 MiB.
        case api
        /// Smart HTTP: never compressed, may pause while the server works.
        case git
        /// Content: never compressed, must keep moving.
        case blob
    }

    package var method: String
    package var url: EgressURL
    /// Sent in this order. `Host`, `Connection`, `Content-Length`, `Transfer-Encoding`, `Accept-Encoding`, `Expect`
    /// and `Proxy-*` belong to the client and are left out.
    package var headers: [(String, String)]
    package var body: [UInt8]?
    /// Redirects that are followed at most; with 0 a redirect is returned as the response it is.
    package var followRedirects: Int
    /// Bytes of body after which the answer is refused; nil for no limit (purpose `api` has 64 MiB in any case).
    package var maximumBody: Int64?
    package var purpose: Purpose
    /// May be sent again after a failure: true only for requests that change nothing or are idempotent.
    package var retryable: Bool
    /// How long `send` may take until the final headers are here: waiting, redirects and retries together.
    package var deadline: Duration
    /// Bytes of body the answer is expected to have, which are set aside of a day's allowance; zero where nobody knows.
    package var expectedBytes: Int64 = 0
    /// For whom it is sent: whoever the task that makes it works for.
    package var urgency = EgressUrgency.current

    package init(
        method: String = "GET",
        url: EgressURL,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil,
        followRedirects: Int = 3,
        maximumBody: Int64? = nil,
        purpose: Purpose,
        retryable: Bool = true,
        deadline: Duration = .seconds(25)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.followRedirects = followRedirects
        self.maximumBody = maximumBody
        self.purpose = purpose
        self.retryable = retryable
        self.deadline = deadline
    }
}
