/// How many lines a change adds and takes away; binary files count none.
package struct LineStatistics: Sendable, Equatable {
    package let additions: Int
    package let deletions: Int

    /// Reads `git diff-tree --numstat -z`: `<added> TAB <deleted> TAB <path> NUL`, with `-` for binary files.
    /// - Parameter isCounted: whether a path's lines count.
    init(parsing output: [UInt8], isCounted: (String) -> Bool = { _ in true }) {
        var additions = 0
        var deletions = 0
        for record in output.split(separator: 0) {
            let fields = record.split(separator: UInt8(ascii: "\t"), maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, isCounted(String(decoding: fields[2], as: UTF8.self)) else { continue }
            additions = Self.sum(additions, fields[0])
            deletions = Self.sum(deletions, fields[1])
        }
        self.additions = additions
        self.deletions = deletions
    }

    private static func sum(_ total: Int, _ digits: ArraySlice<UInt8>) -> Int {
        guard let count = Int(String(decoding: digits, as: UTF8.self)) else { return total }
        let (sum, overflow) = total.addingReportingOverflow(count)
        return overflow ? .max : sum
    }
}
