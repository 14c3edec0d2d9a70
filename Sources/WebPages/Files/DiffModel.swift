/// What differs between two texts.
package struct DiffModel: Sendable, Hashable {
    package struct Line: Sendable, Hashable {
        package enum Kind: Sendable, Hashable { case same, removed, added }
        package let kind: Kind
        /// Numbers from 1; nil on the side where there is no such line.
        package let old: Int?
        package let new: Int?
        package let text: String

        package init(_ kind: Kind, old: Int?, new: Int?, text: String) {
            self.kind = kind
            self.old = old
            self.new = new
            self.text = text
        }
    }

    package struct Hunk: Sendable, Hashable {
        /// As Git writes it: `@@ -1,4 +1,6 @@ …`.
        package let heading: String
        package let lines: [Line]

        package init(heading: String, lines: [Line]) {
            self.heading = heading
            self.lines = lines
        }
    }

    package let hunks: [Hunk]
    /// Whether there was more than is held.
    package let isTruncated: Bool

    package init(hunks: [Hunk], isTruncated: Bool = false) {
        self.hunks = hunks
        self.isTruncated = isTruncated
    }

    package var added: Int { hunks.reduce(0) { $0 + $1.lines.count { $0.kind == .added } } }
    package var removed: Int { hunks.reduce(0) { $0 + $1.lines.count { $0.kind == .removed } } }

    /// Reads the hunks of one file from a unified diff; lines before the first hunk are headers and are left out.
    /// - Parameter limit: lines that are held.
    package init(unified text: String, limit: Int = 20_000) {
        var reader = UnifiedDiffReader(limit: limit)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.read(line) }
        self.init(hunks: reader.finish(), isTruncated: reader.isTruncated)
    }

    /// Compares two texts line by line.
    /// - Parameters:
    ///   - around: lines that are shown before and after what differs.
    ///   - limit: lines that are held.
    /// - SeeAlso: E. W. Myers, An O(ND) Difference Algorithm and Its Variations. Where texts differ in more than a
    ///   thousand lines, all between the first and the last difference counts as replaced.
    package static func between(_ old: String, _ new: String, around: Int = 3, limit: Int = 20_000) -> DiffModel {
        LineComparison(old: lines(of: old), new: lines(of: new)).model(around: around, limit: limit)
    }

    static func lines(of text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}

/// A large file that became another, of which no lines are known.
package struct PointerDiff: Sendable, Hashable {
    package struct Side: Sendable, Hashable {
        package let digest: String
        package let bytes: Int64

        package init(digest: String, bytes: Int64) {
            self.digest = digest
            self.bytes = bytes
        }
    }

    /// Nil for a file that was added.
    package let old: Side?
    /// Nil for a file that was removed.
    package let new: Side?

    package init(old: Side?, new: Side?) {
        self.old = old
        self.new = new
    }
}
