/// Something stored that is not what its name says.
package struct ScrubFinding: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A blob; its name is its SHA-256.
        case blob
        /// A pack of a git repository; its name is the file's.
        case pack
        /// What git makes of packs: an index, a bitmap, a graph of commits.
        case derived
        /// A git object in a file of its own; its name is its id.
        case object
        /// A xorb of Xet; its name is its hash in Xet's text form.
        case xorb
    }

    package let kind: Kind
    package let name: String
    /// The key of the git repository; 0 for what belongs to none.
    package let repository: Int64
    /// What is wrong, for people.
    package let reason: String

    package init(_ kind: Kind, _ name: String, in repository: Int64 = 0, reason: String) {
        self.kind = kind
        self.name = name
        self.repository = repository
        self.reason = reason
    }
}

/// How far a scrub is: everything up to here was read.
package struct ScrubPosition: Sendable, Hashable, Codable {
    package enum Part: String, Sendable, Hashable, Codable, CaseIterable {
        case blobs, git, xorbs
    }

    package var part = Part.blobs
    /// The name of the last that was read in this part; empty at its beginning.
    package var after = ""

    package init() {}
}

/// What a scrub read and found.
package struct ScrubCounts: Sendable, Hashable, Codable {
    package var blobs: Int64 = 0
    package var repositories: Int64 = 0
    /// Files of git repositories.
    package var gitFiles: Int64 = 0
    package var xorbs: Int64 = 0
    /// Bytes read.
    package var bytes: Int64 = 0
    package var damaged: Int64 = 0
    package var healed: Int64 = 0

    package init() {}
}
