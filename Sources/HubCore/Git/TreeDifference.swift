/// What differs between two trees, file by file and line by line, as far as people read it.
package struct TreeDifference: Sendable {
    /// One file that is not the same on both sides.
    package struct File: Sendable {
        package enum Change: String, Sendable {
            case added, removed, modified, renamed
        }

        /// Why its lines are not shown.
        package enum Omission: String, Sendable {
            case binary
            /// A side is larger than what is compared, in bytes or lines.
            case tooLarge
            /// The whole difference has become too long.
            case budget
        }

        package let path: String
        /// Its name before; another one only where it was renamed.
        package let oldPath: String
        package let change: Change
        package let oldMode: Int
        package let newMode: Int
        /// Bytes on either side; 0 where it is not there.
        package let oldSize: Int64
        package let newSize: Int64
        /// The pointers on either side, where it is an LFS file there.
        package let oldPointer: LFSPointer?
        package let newPointer: LFSPointer?
        package internal(set) var additions = 0
        package internal(set) var deletions = 0
        package internal(set) var hunks: [Hunk] = []
        package internal(set) var omission: Omission?
    }

    /// Neighbouring lines.
    package struct Hunk: Sendable {
        package let oldStart: Int
        package let oldCount: Int
        package let newStart: Int
        package let newCount: Int
        /// What git writes behind the numbers: the function the lines are in.
        package let heading: String
        package internal(set) var lines: [Line] = []
    }

    package struct Line: Sendable, Hashable {
        package enum Kind: Sendable { case context, added, removed }

        package let kind: Kind
        /// Without the line feed; bytes that are not UTF-8 show U+FFFD, and what is very long is cut.
        package let text: String
        /// Numbers from 1; nil on the side that lacks the line.
        package let old: Int?
        package let new: Int?
        /// Whether the file ends here without a line feed.
        package internal(set) var lacksLineFeed = false
    }

    /// How much is looked at.
    package struct Limits: Sendable {
        /// Files that are named.
        package var files = 300
        /// Bytes of one side of a file whose lines are compared.
        package var fileBytes: Int64 = 512 << 10
        package var linesOfFile = 2_000
        package var lines = 12_000
        /// Characters of a line.
        package var lineLength = 2_000

        package init() {}
    }

    package internal(set) var files: [File] = []
    /// How many files there are that differ, named or not.
    package internal(set) var count = 0

    package var isWhole: Bool { files.count == count }
    /// Of the files that were compared.
    package var additions: Int { files.reduce(0) { $0 + $1.additions } }
    package var deletions: Int { files.reduce(0) { $0 + $1.deletions } }
}
