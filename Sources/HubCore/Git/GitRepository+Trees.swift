import CGit2

/// What is known of a blob without its tree: facts of the bytes, the same in every repository.
struct BlobFacts: Sendable {
    var size: Int64
    var lfs: LFSPointer?
}

/// Remembers `BlobFacts` by blob id, so that a folder listed twice reads no blob twice.
protocol BlobFactsMemory {
    func facts(of id: ObjectID) -> BlobFacts?
    func remember(_ facts: BlobFacts, of id: ObjectID)
}

extension GitRepository {
    /// The most entries a recursive listing gives, and bytes of all their paths: some trees are made to expand without
    /// end.
    static let maximumListedEntries = 1_000_000
    static let maximumListedBytes = 64 << 20
    /// The deepest nesting a recursive listing follows.
    static let maximumDepth = 1024

    /// The entry at a path; nil when there is none.
    /// - Throws: `revision-not-found`.
    func entry(at path: GitPath, commit: CommitID, memory: some BlobFactsMemory) throws -> TreeEntry? {
        let root = try tree(requireCommit(commit).tree)
        defer { git_tree_free(root) }
        var found: OpaquePointer?
        let code = git_tree_entry_bypath(&found, root, path.path)
        guard code != GIT_ENOTFOUND.rawValue else { return nil }
        try GitLibrary.check(code, "look up \(path) in \(commit)")
        defer { git_tree_entry_free(found) }
        return try found.map { try entry($0, path: path.path, memory: memory) }
    }

    /// The entries of a folder in git's order, with everything below when recursive; nil when the path is no folder.
    /// - Throws: `revision-not-found`; `unprocessable` when the tree is larger than any honest one.
    func list(
        _ path: GitPath?, commit: CommitID, recursive: Bool, memory: some BlobFactsMemory
    ) throws -> [TreeEntry]? {
        var id = try requireCommit(commit).tree
        if let path {
            guard let folder = try entry(at: path, commit: commit, memory: memory), folder.kind == .directory else {
                return nil
            }
            id = folder.id
        }
        var entries: [TreeEntry] = []
        var bytes = 0
        try list(
            id, prefix: path.map { $0.path + "/" } ?? "", depth: recursive ? Self.maximumDepth : 0, memory: memory,
            into: &entries, counting: &bytes)
        return entries
    }

    private func list(
        _ id: ObjectID, prefix: String, depth: Int, memory: some BlobFactsMemory, into entries: inout [TreeEntry],
        counting bytes: inout Int
    ) throws {
        let tree = try tree(id)
        defer { git_tree_free(tree) }
        for index in 0..<git_tree_entrycount(tree) {
            guard let raw = git_tree_entry_byindex(tree, index) else { continue }
            let entry = try entry(raw, path: prefix + String(cString: git_tree_entry_name(raw)), memory: memory)
            entries.append(entry)
            bytes += entry.path.utf8.count
            guard entries.count <= Self.maximumListedEntries, bytes <= Self.maximumListedBytes else {
                throw HubError(.unprocessable, "The tree \(id) is too large to be listed recursively.")
            }
            if entry.kind == .directory, depth > 0 {
                try list(
                    entry.id, prefix: entry.path + "/", depth: depth - 1, memory: memory, into: &entries,
                    counting: &bytes)
            }
        }
    }

    /// Opens a tree; the caller frees it.
    func tree(_ id: ObjectID) throws -> OpaquePointer {
        var name = id.gitID
        var tree: OpaquePointer?
        try GitLibrary.check(git_tree_lookup(&tree, repository, &name), "read the tree \(id)")
        guard let tree else { throw HubError(.storageCorrupt, "The tree \(id) is not stored here.") }
        return tree
    }

    func entry(_ raw: OpaquePointer, path: String, memory: some BlobFactsMemory) throws -> TreeEntry {
        let id = git_tree_entry_id(raw).map { ObjectID($0.pointee) } ?? .zero
        let kind: TreeEntry.Kind =
            switch git_tree_entry_filemode(raw) {
            case GIT_FILEMODE_TREE: .directory
            case GIT_FILEMODE_COMMIT: .submodule
            case GIT_FILEMODE_LINK: .symlink
            case GIT_FILEMODE_BLOB_EXECUTABLE: .executable
            default: .file
            }
        guard kind != .directory, kind != .submodule else {
            return TreeEntry(path: path, kind: kind, id: id, size: 0)
        }
        let facts = try facts(of: id, memory: memory)
        // A link whose target reads like a pointer is still a link.
        return TreeEntry(path: path, kind: kind, id: id, size: facts.size, lfs: kind == .symlink ? nil : facts.lfs)
    }

    private func facts(of id: ObjectID, memory: some BlobFactsMemory) throws -> BlobFacts {
        if let known = memory.facts(of: id) { return known }
        // Not remembered: the blob of a partial clone may arrive later.
        guard let header = try header(of: id) else { return BlobFacts(size: -1, lfs: nil) }
        var facts = BlobFacts(size: Int64(header.size), lfs: nil)
        if (LFSPointer.minimumByteCount..<LFSPointer.maximumByteCount).contains(header.size),
            let blob = try read(id), blob.type == GIT_OBJECT_BLOB
        {
            facts.lfs = LFSPointer(parsing: blob.bytes)
        }
        memory.remember(facts, of: id)
        return facts
    }
}
