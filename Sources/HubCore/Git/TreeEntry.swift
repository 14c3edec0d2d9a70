/// One entry of a tree, named by its full path from the root.
package struct TreeEntry: Sendable, Hashable {
    /// What the entry is. Symlinks and submodules are data and never followed.
    package enum Kind: String, Sendable, Hashable {
        case file
        case executable
        case symlink
        case directory
        case submodule
    }

    /// The full path from the root. A name that is not UTF-8 shows U+FFFD in place of what is not.
    package var path: String
    package var kind: Kind
    /// The blob, the tree, or for a submodule the foreign commit.
    package var id: ObjectID
    /// Bytes of the git blob; 0 for directories and submodules, -1 for a blob that is not stored here (partial clone).
    package var size: Int64
    /// The pointer the blob holds, if it is one.
    package var lfs: LFSPointer?

    package init(path: String, kind: Kind, id: ObjectID, size: Int64, lfs: LFSPointer? = nil) {
        self.path = path
        self.kind = kind
        self.id = id
        self.size = size
        self.lfs = lfs
    }

    /// Bytes a reader of the file gets: the pointer's size where there is one.
    package var contentSize: Int64 { lfs?.size ?? size }

    /// The last component of the path.
    package var name: String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }
}
