package import HubCore

/// A URL that may be fetched: http or https, a valid host and port, no user name, no fragment, no control character.
///
/// The host is lower case; addresses are in canonical form, so `2130706433`, `0x7f.1` and `127.1` are not hosts here.
/// Dot segments are resolved and characters that a request line cannot carry are percent-encoded.
package struct EgressURL: Sendable, Hashable {
    /// `http` or `https`.
    package let scheme: String
    /// Lower case; an IPv6 address stands without brackets.
    package let host: String
    package let port: Int
    /// Percent-encoded, begins with `/`.
    package let path: String
    /// Percent-encoded, without the `?`; nil when there is none.
    package let query: String?

    /// URLs longer than this many bytes are refused; signed storage URLs stay far below.
    static let maximumLength = 16 * 1024

    /// - Throws: `bad-request` naming what is wrong; the message holds no query and no user name.
    package init(parsing text: String) throws(HubError) {
        switch EgressURLParser.parse(text) {
        case .success(let url): self = url
        case .failure(let reason):
            throw HubError(
                .badRequest, "\u{201C}\(Self.printable(text))\u{201D} is not a URL that may be fetched: \(reason.text)."
            )
        }
    }

    init(scheme: String, host: String, port: Int, path: String, query: String?) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    package var origin: Origin { Origin(scheme: scheme, host: host, port: port) }

    /// What the request line asks for.
    package var pathAndQuery: String { query.map { "\(path)?\($0)" } ?? path }

    /// The whole URL with its query, for the request itself and for links. A query may hold a signature: do not log it.
    package var absoluteString: String { "\(origin)\(pathAndQuery)" }

    /// This URL with `path` below it; the query is dropped.
    ///
    /// `path` is plain text and is percent-encoded here (`%`, `?` and `#` too); `/` separates segments.
    /// Dot segments are resolved and never climb above this URL's own path.
    package func appending(path more: String) -> EgressURL {
        let segments = more.split(separator: "/", omittingEmptySubsequences: true)
        var kept: [Substring] = []
        for segment in segments where segment != "." {
            if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
        }
        return appending(segments: kept.map(String.init), directory: more.hasSuffix("/"))
    }

    /// This URL with segments below it, each encoded whole: a `/` within one becomes `%2F`; the query is dropped.
    package func appending(segments: [String]) -> EgressURL {
        appending(segments: segments.filter { $0 != "." && $0 != ".." && !$0.isEmpty }, directory: false)
    }

    private func appending(segments: [String], directory: Bool) -> EgressURL {
        var base = path
        while base.hasSuffix("/") { base.removeLast() }
        let tail = segments.map { "/" + PercentEncoding.segment($0) }.joined()
        let whole = base + tail + (directory || (base + tail).isEmpty ? "/" : "")
        return EgressURL(scheme: scheme, host: host, port: port, path: whole, query: nil)
    }

    /// This URL with more query parameters, names and values percent-encoded, in the order given.
    package func appending(query parameters: [(String, String)]) -> EgressURL {
        let pairs = parameters.map { "\(PercentEncoding.queryPart($0.0))=\(PercentEncoding.queryPart($0.1))" }
        let joined = ([query].compactMap { $0 } + pairs).joined(separator: "&")
        return EgressURL(scheme: scheme, host: host, port: port, path: path, query: joined.isEmpty ? nil : joined)
    }

    /// The URL a `Location` header means when this URL answered it; a fragment is dropped.
    ///
    /// - Throws: `bad-request` when it is not a URL that may be fetched.
    /// - SeeAlso: RFC 3986 section 5.2, RFC 9110 section 10.2.2.
    package func resolving(location: String) throws(HubError) -> EgressURL {
        let reference = location.prefix { $0 != "#" }.drop { $0 == " " || $0 == "\t" }
        if reference.isEmpty { return self }
        if reference.hasPrefix("//") { return try EgressURL(parsing: "\(scheme):\(reference)") }
        if reference.hasPrefix("/") { return try EgressURL(parsing: "\(origin)\(reference)") }
        if reference.hasPrefix("?") { return try EgressURL(parsing: "\(origin)\(path)\(reference)") }
        if EgressURLParser.hasScheme(reference) { return try EgressURL(parsing: String(reference)) }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return try EgressURL(parsing: "\(origin)\(folder)\(reference)")
    }

    /// As much of an unparsed text as may be shown: no query, no fragment, no user name, no control character.
    private static func printable(_ text: String) -> String {
        let shown = text.prefix { $0 != "?" && $0 != "#" }.prefix(200)
        if shown.contains("@") { return "***" }
        return String(String.UnicodeScalarView(shown.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}

extension EgressURL: CustomStringConvertible {
    /// For people: scheme, host, port and path. The query is left out, because it may hold a signature or a token.
    package var description: String { "\(origin)\(path)" }
}
