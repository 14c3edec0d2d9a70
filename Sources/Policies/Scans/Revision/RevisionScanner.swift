/// Finds what only shows when the files of a revision are seen together: code that a configuration names, links that
/// lead elsewhere, names that hide or collide.
package struct RevisionScanner: Sendable {
    /// Longest text that is looked at, in bytes.
    package static let maximumText: Int64 = 16 << 20

    package init() {}

    /// Whether the text of a file is to be given: of configurations that can name code, and of templates.
    package static func wantsText(of path: String, size: Int64) -> Bool { false }

    /// - Parameter entries: all paths of the revision, in any order.
    /// - Returns: the worst first; a place is a path, and a line where there is one.
    /// - Complexity: O(n log n) in the number of entries, and linear in their texts.
    package func findings(in entries: [RevisionEntry]) -> [ScanFinding] { [] }
}
