/// An upstream's answer once its final headers are here; the body follows while it is read.
///
/// Any status may stand here: retries and redirects are done, what is left is for the caller to map.
package struct EgressResponse: Sendable {
    package var status: Int
    package var headers: EgressHeaders
    /// Where the answer came from after redirects.
    package var finalURL: EgressURL
    /// The answers that redirected us, in order: hubs put commit and digest of a file into these, not into the last one.
    package var hops: [EgressHop]
    package var body: EgressBody

    /// The URLs that redirected us, in order; empty when there was no redirect.
    package var redirects: [EgressURL] { hops.map(\.url) }

    package init(
        status: Int, headers: EgressHeaders, finalURL: EgressURL, hops: [EgressHop] = [], body: EgressBody
    ) {
        self.status = status
        self.headers = headers
        self.finalURL = finalURL
        self.hops = hops
        self.body = body
    }
}

/// One answer that was a redirect and was followed.
package struct EgressHop: Sendable {
    package var url: EgressURL
    package var status: Int
    package var headers: EgressHeaders

    package init(url: EgressURL, status: Int, headers: EgressHeaders) {
        self.url = url
        self.status = status
        self.headers = headers
    }
}
