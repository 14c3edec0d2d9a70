/// What people may write: lengths, and what no text may hold.
enum CommunityText {
    /// Characters of a title.
    static let titleLengths = 3...200
    /// Bytes of one comment or description.
    static let maximumBytes = 64 << 10

    /// A title without white space around it.
    /// - Throws: `.badRequest`.
    static func title(_ raw: String) throws -> String {
        let title = trimmed(raw)
        guard title.utf8.count <= 4 * titleLengths.upperBound, titleLengths.contains(title.count),
            title.unicodeScalars.count <= 250
        else {
            throw HubError(
                .badRequest,
                "A title has \(titleLengths.lowerBound) to \(titleLengths.upperBound) characters.")
        }
        guard title.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw HubError(.badRequest, "A title holds no control characters.")
        }
        return title
    }

    /// A comment, which says something.
    /// - Throws: `.badRequest`.
    static func comment(_ raw: String) throws -> String {
        guard let text = try optional(raw) else { throw HubError(.badRequest, "A comment cannot be empty.") }
        return text
    }

    /// A text that may be left out; nil when it is blank.
    /// - Throws: `.badRequest`.
    static func optional(_ raw: String?) throws -> String? {
        guard let raw else { return nil }
        guard raw.utf8.count <= maximumBytes else {
            throw HubError(.badRequest, "A text has at most \(maximumBytes) bytes; this one has \(raw.utf8.count).")
        }
        // PostgreSQL's texts cannot hold it.
        guard !raw.utf8.contains(0) else { throw HubError(.badRequest, "A text cannot hold NUL characters.") }
        let text = trimmed(raw)
        return text.isEmpty ? nil : text
    }

    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
