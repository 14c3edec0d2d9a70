import CGit2
import Synchronization

/// A part of a tree's listing.
package struct TreePage: Sendable {
    package let entries: [TreeEntry]
    /// Entries before the next part; nil at the end.
    package let next: Int?
}

/// How many entries there are below each tree that was walked: trees never change, so a later page leaps over what
/// stands before it without reading it.
final class TreeCounts: Sendable {
    private let counts = Mutex(LeastRecentlyUsedCache<ObjectID, Int>(capacity: 100_000, lifetime: .seconds(600)))

    subscript(id: ObjectID) -> Int? { counts.withLock { $0.value(for: id) } }

    func remember(_ count: Int, below id: ObjectID) { counts.withLock { $0.insert(count, for: id) } }
}

extension GitRepository {
    /// A part of a folder's listing, in git's order, without submodules; nil when the path is no folder.
    ///
    /// Memory is bounded by the page and the largest single tree object, whatever the repository holds.
    /// - Complexity: linear in the page, and in the trees before it that were never walked.
    /// - Throws: `revision-not-found`.
    func page(
        _ path: GitPath?, commit: CommitID, recursive: Bool, offset: Int, limit: Int,
        memory: some BlobFactsMemory, counts: TreeCounts
    ) throws -> TreePage? {
        var id = try requireCommit(commit).tree
        if let path {
            guard let folder = try entry(at: path, commit: commit, memory: memory), folder.kind == .directory else {
                return nil
            }
            id = folder.id
        }
        var walk = TreeWalk(skip: max(0, offset), limit: max(0, limit))
        _ = try visit(
            id, prefix: path.map { $0.path + "/" } ?? "", depth: recursive ? Self.maximumDepth : 0, walk: &walk,
            memory: memory, counts: counts)
        return TreePage(
            entries: walk.entries, next: walk.hasMore ? max(0, offset) + walk.entries.count : nil)
    }

    private struct TreeWalk {
        /// Entries still to be passed over.
        var skip: Int
        let limit: Int
        var entries: [TreeEntry] = []
        /// Whether there is an entry behind the page.
        var hasMore = false
    }

    /// - Returns: the number of entries in and below the tree; nil when the page ended before that was known.
    private func visit(
        _ id: ObjectID, prefix: String, depth: Int, walk: inout TreeWalk, memory: some BlobFactsMemory,
        counts: TreeCounts
    ) throws -> Int? {
        if depth > 0, let known = counts[id], known <= walk.skip {
            walk.skip -= known
            return known
        }
        let tree = try tree(id)
        defer { git_tree_free(tree) }
        var count = 0
        for index in 0..<git_tree_entrycount(tree) {
            guard let raw = git_tree_entry_byindex(tree, index) else { continue }
            let mode = git_tree_entry_filemode(raw)
            // Clients know files and folders only, and nothing here can be asked about a submodule.
            if mode == GIT_FILEMODE_COMMIT { continue }
            count += 1
            let path: String
            if walk.skip > 0 {
                walk.skip -= 1
                guard mode == GIT_FILEMODE_TREE, depth > 0 else { continue }
                path = prefix + String(cString: git_tree_entry_name(raw))
            } else {
                guard walk.entries.count < walk.limit else {
                    walk.hasMore = true
                    return nil
                }
                let entry = try entry(
                    raw, path: prefix + String(cString: git_tree_entry_name(raw)), memory: memory)
                walk.entries.append(entry)
                path = entry.path
            }
            if mode == GIT_FILEMODE_TREE, depth > 0, let below = git_tree_entry_id(raw).map({ ObjectID($0.pointee) }) {
                guard
                    let inside = try visit(
                        below, prefix: path + "/", depth: depth - 1, walk: &walk, memory: memory, counts: counts)
                else { return nil }
                // Trees made to expand without end have more than any number tells.
                count = count.addingReportingOverflow(inside).overflow ? .max : count + inside
            }
        }
        if depth > 0 { counts.remember(count, below: id) }
        return count
    }
}

extension GitStore {
    /// A part of a folder's listing, the root's for nil, in git's order, without submodules; folders are listed also when
    /// everything below is. nil when the path is no folder.
    /// - Throws: `revision-not-found` when the commit is not stored.
    package func page(
        _ path: GitPath?, commit: CommitID, in key: Int64, recursive: Bool, offset: Int, limit: Int
    ) async throws -> TreePage? {
        let memory = blobFacts
        let counts = treeCounts
        return try await withRepository(key) {
            try $0.page(
                path, commit: commit, recursive: recursive, offset: offset, limit: limit, memory: memory,
                counts: counts)
        }
    }
}
