import HubCore

/// The way to the next page, as `Link` headers give it.
///
/// - SeeAlso: RFC 8288.
enum NextLink {
    /// The query of the next page; nil after the last.
    /// - Parameter asked: what the answer answers. The link has to lead to the same place with another query: anything
    ///   else, another host above all, is no next page and is not asked.
    /// - Throws: `.upstreamCorrupt`.
    static func query(
        _ answer: UpstreamAnswer, asked: EgressURL, failures: UpstreamFailures, question: String
    ) throws -> String? {
        guard let target = answer.headers.all("link").lazy.compactMap(target).first else { return nil }
        guard target.utf8.count <= BrowseBounds.cursor, let url = try? answer.finalURL.resolving(location: target),
            url.origin == asked.origin || url.origin == answer.finalURL.origin,
            url.path == asked.path || url.path == answer.finalURL.path
        else { throw failures.corrupt(question, "a next page at another place") }
        guard let query = url.query, !query.isEmpty, query != asked.query else {
            throw failures.corrupt(question, "a next page that is the same again")
        }
        return query
    }

    /// The target whose relation is `next` in one field value.
    private static func target(_ field: String) -> String? {
        var rest = Substring(field.prefix(16 * 1024))
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            let target = rest[rest.index(after: open)..<close]
            let tail = rest[rest.index(after: close)...]
            let parameters = tail.prefix { $0 != "<" }
            let isNext = parameters.split(whereSeparator: { $0 == ";" || $0 == "," }).contains { parameter in
                let words = parameter.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
                return words.count == 2 && words[0].lowercased() == "rel"
                    && words[1].filter({ $0 != "\"" }).lowercased() == "next"
            }
            if isNext { return String(target) }
            rest = tail[parameters.endIndex...]
        }
        return nil
    }
}

extension EgressURL {
    /// The same place with another query, percent-encoded as it is.
    /// - Throws: `.badRequest` when that is no query.
    func with(query: String) throws -> EgressURL { try EgressURL(parsing: "\(origin)\(path)?\(query)") }
}
