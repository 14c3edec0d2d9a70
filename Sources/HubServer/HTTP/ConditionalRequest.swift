package import HTTPTypes

/// The conditions a request puts on its answer (RFC 9110 §13), decided on entity tags alone.
package struct ConditionalRequest: Sendable {
    private let ifNoneMatch: [String]
    private let ifMatch: [String]
    private let ifRange: String?

    package init(_ headers: HTTPFields) {
        ifNoneMatch = headers[values: .ifNoneMatch].flatMap(Self.tags)
        ifMatch = headers[values: .ifMatch].flatMap(Self.tags)
        ifRange = headers[.ifRange].map { String(Substring($0).trimmed) }
    }

    /// Whether the client already has what `etag` (with its quotes) names: 304 for GET and HEAD. Weak comparison.
    package func isUnmodified(_ etag: String) -> Bool {
        ifNoneMatch.contains { $0 == "*" || Self.opaque($0) == Self.opaque(etag) }
    }

    /// Whether `If-Match` rules this entity out: 412. Strong comparison; nil is an entity that does not exist.
    package func isPreconditionFailed(_ etag: String?) -> Bool {
        guard !ifMatch.isEmpty else { return false }
        guard let etag else { return true }
        return !ifMatch.contains { $0 == "*" || ($0 == etag && !etag.hasPrefix("W/")) }
    }

    /// Whether a `Range` may be honoured: there is no `If-Range`, or it strongly matches. Dates never match.
    package func allowsRange(_ etag: String) -> Bool {
        guard let ifRange else { return true }
        return ifRange == etag && !etag.hasPrefix("W/")
    }

    private static func opaque(_ tag: String) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : Substring(tag)
    }

    /// Splits at commas outside quotes: entity tags may contain commas.
    private static func tags(_ header: String) -> [String] {
        var tags: [String] = []
        var current = ""
        var isQuoted = false
        for character in header {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted {
                tags.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        tags.append(current)
        return tags.map { String(Substring($0).trimmed) }.filter { !$0.isEmpty }
    }
}
