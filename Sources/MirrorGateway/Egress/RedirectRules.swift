import HubCore

/// Where a redirect may lead, and what may be taken along.
enum RedirectRules {
    /// What is asked at one hop.
    struct Hop: Sendable {
        var method: String
        var url: EgressURL
        /// The caller's headers; credentials of the upstream are not among them, they are looked up by origin.
        var headers: [(String, String)]
        var body: [UInt8]?
    }

    static func isRedirect(_ status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Headers that may cross to another origin; any other, `Authorization`, `Cookie` and `X-…` among them, may be secret.
    private static let travelling: Set<String> = [
        "accept", "accept-language", "content-type", "git-protocol", "if-match", "if-modified-since", "if-none-match",
        "if-range", "if-unmodified-since", "range", "user-agent",
    ]

    /// The next hop.
    ///
    /// A POST becomes a GET on 301, 302 and 303, as browsers and git-lfs do; 307 and 308 keep method and body.
    /// Headers left behind at another origin stay behind when a later hop returns.
    /// - Parameter visited: every URL asked before, `hop.url` included.
    /// - Throws: `upstream-refused` for a loop, a step from https to http, or a target that is no URL for us.
    static func next(
        after hop: Hop, status: Int, location: String, visited: [EgressURL], upstream: String
    ) throws(HubError) -> Hop {
        let target: EgressURL
        do { target = try hop.url.resolving(location: location) } catch {
            throw refused(hop, upstream, "redirects to a place that may not be fetched: \(error.message)")
        }
        guard hop.url.scheme == "http" || target.scheme == "https" else {
            throw refused(hop, upstream, "redirects from https to plain http at \(target.origin)")
        }
        guard !visited.contains(target) || target == hop.url && hop.method != "GET" && status == 303 else {
            throw refused(hop, upstream, "redirects in a loop at \(target)")
        }
        var next = hop
        next.url = target
        if status == 303 && hop.method != "HEAD" || status < 303 && hop.method == "POST" {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.0.lowercased().hasPrefix("content-") }
        }
        if target.origin != hop.url.origin {
            next.headers.removeAll { !travelling.contains($0.0.lowercased()) }
        }
        return next
    }

    static func tooMany(_ hop: Hop, limit: Int, upstream: String) -> HubError {
        refused(hop, upstream, "redirects more than \(limit) times")
    }

    private static func refused(_ hop: Hop, _ upstream: String, _ what: String) -> HubError {
        HubError(
            .upstreamRefused, "Upstream \(upstream): \(hop.url) \(what).",
            remedy: "Check the upstream's URL in its mirror file.")
    }
}
