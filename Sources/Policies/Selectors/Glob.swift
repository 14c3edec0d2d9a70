/// A pattern with `*`, `?`, `**`, `[a-z]` and `{a,b}`, compiled once and matched in linear time.
///
/// In a path, `*`, `?` and `[…]` stay inside one segment, and `**` crosses segments; in plain text they match anything.
package struct Glob: Sendable, Hashable, CustomStringConvertible {
    /// What a pattern is matched against, which decides what its wildcards stop at and whether case counts.
    package enum Subject: Sendable, Hashable {
        /// `owner/name` of a repository; case does not count. `*` alone stands for every repository.
        case repository
        /// A branch, tag or commit id.
        case revision
        /// A file's path in its repository. A pattern without `/` is matched against the last segment.
        case file
        /// A tag, task, language, author or licence id; case does not count and `/` is not special.
        case text
    }

    /// The pattern as its author wrote it.
    package let pattern: String
    package let subject: Subject
    private let program: GlobProgram
    private let ignoresCase: Bool

    /// - Throws: `GlobError` naming what is wrong and where.
    package init(_ pattern: String, for subject: Subject) throws(GlobError) {
        self.pattern = pattern
        self.subject = subject
        ignoresCase = subject == .repository || subject == .text
        // Read as written first, so that an error's offset is the author's.
        let asWritten = try GlobParser.parse(pattern)
        let effective = Self.effective(pattern, for: subject)
        let folded = ignoresCase ? effective.lowercased() : effective
        let parts = folded == pattern ? asWritten : try GlobParser.parse(folded)
        program = GlobProgram(parts, stopsAtSeparator: subject != .text)
    }

    /// Whether the whole text matches. O(pattern × text).
    package func matches(_ text: String) -> Bool {
        program.matches(ignoresCase ? text.lowercased().unicodeScalars : text.unicodeScalars)
    }

    package var description: String { pattern }

    package static func == (left: Glob, right: Glob) -> Bool {
        left.pattern == right.pattern && left.subject == right.subject
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(pattern)
        hasher.combine(subject)
    }

    private static func effective(_ pattern: String, for subject: Subject) -> String {
        switch subject {
        case .repository where pattern == "*": "**"
        case .file where pattern.hasPrefix("/"): String(pattern.dropFirst())
        case .file where !pattern.contains("/"): "**/" + pattern
        default: pattern
        }
    }
}
