import CGit2
import Foundation

/// Whether two lines of history can be joined.
enum TreeMerge: Sendable, Equatable {
    /// The joined tree; nil for one without files.
    case tree(ObjectID?)
    /// Paths that both sides changed, each in its own way; at most `maximumConflicts` of them.
    case conflicts([String])

    static let maximumConflicts = 1_000
}

extension GitRepository {
    /// The best common ancestor of two commits; nil when they have none.
    func mergeBase(_ first: CommitID, _ second: CommitID) throws -> CommitID? {
        var (one, two, found) = (first.gitID, second.gitID, git_oid())
        let code = git_merge_base(&found, repository, &one, &two)
        guard code != GIT_ENOTFOUND.rawValue else { return nil }
        try GitLibrary.check(code, "find the common ancestor of \(first) and \(second)")
        return ObjectID(found)
    }

    /// Joins two trees that come from a common one, path by path: what one side changed is taken, what both changed
    /// differently is a conflict. Contents are never mixed, so a merge cannot make a file nobody wrote.
    /// - Parameter writing: whether to store the joined folders; without, only conflicts are looked for.
    func merge(base: ObjectID?, ours: ObjectID?, theirs: ObjectID?, writing: Bool) throws -> TreeMerge {
        var conflicts: [String] = []
        let tree = try merge(
            base: base, ours: ours, theirs: theirs, at: "", depth: 0, writing: writing, conflicts: &conflicts)
        return conflicts.isEmpty ? .tree(tree) : .conflicts(conflicts)
    }

    private struct Item: Hashable {
        let id: ObjectID
        let mode: UInt32

        var isFolder: Bool { mode == GIT_FILEMODE_TREE.rawValue }
    }

    private func items(of tree: ObjectID?) throws -> [TreeChangePlan.Name: Item] {
        guard let tree else { return [:] }
        let handle = try self.tree(tree)
        defer { git_tree_free(handle) }
        var items: [TreeChangePlan.Name: Item] = [:]
        for index in 0..<git_tree_entrycount(handle) {
            guard let raw = git_tree_entry_byindex(handle, index), let name = git_tree_entry_name(raw),
                let id = git_tree_entry_id(raw)
            else { continue }
            let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
            items[TreeChangePlan.Name(bytes)] = Item(
                id: ObjectID(id.pointee), mode: git_tree_entry_filemode(raw).rawValue)
        }
        return items
    }

    /// - Returns: the joined folder; nil when nothing is left in it. Not meant to be used once there are conflicts.
    private func merge(
        base: ObjectID?, ours: ObjectID?, theirs: ObjectID?, at path: String, depth: Int, writing: Bool,
        conflicts: inout [String]
    ) throws -> ObjectID? {
        if ours == theirs || base == theirs { return ours }
        if base == ours { return theirs }
        guard depth < Self.maximumDepth else {
            throw HubError(.unprocessable, "The tree is nested too deeply to be merged.")
        }
        let before = try items(of: base)
        let (mine, other) = (try items(of: ours), try items(of: theirs))
        var joined = mine
        for name in Set(before.keys).union(other.keys) {
            let (origin, left, right) = (before[name], mine[name], other[name])
            guard left != right, origin != right else { continue }
            if origin == left {
                joined[name] = right
                continue
            }
            let place = path.isEmpty ? name.text : "\(path)/\(name.text)"
            guard [left, right].allSatisfy({ $0?.isFolder ?? true }), left != nil || right != nil,
                left != nil && right != nil || origin?.isFolder == true
            else {
                if conflicts.count < TreeMerge.maximumConflicts { conflicts.append(place) }
                continue
            }
            let folder = try merge(
                base: origin.flatMap { $0.isFolder ? $0.id : nil }, ours: left?.id, theirs: right?.id, at: place,
                depth: depth + 1, writing: writing, conflicts: &conflicts)
            joined[name] = folder.map { Item(id: $0, mode: GIT_FILEMODE_TREE.rawValue) }
        }
        guard writing, conflicts.isEmpty else { return ours }
        return try store(joined, replacing: mine, of: ours, at: path)
    }

    /// Stores a folder that differs from a stored one.
    private func store(
        _ items: [TreeChangePlan.Name: Item], replacing old: [TreeChangePlan.Name: Item], of tree: ObjectID?,
        at path: String
    ) throws -> ObjectID? {
        let source = try tree.map(self.tree)
        defer { git_tree_free(source) }
        var building: OpaquePointer?
        try GitLibrary.check(git_treebuilder_new(&building, repository, source), "start the folder \"\(path)\"")
        guard let builder = building else { throw HubError(.internalError, "Could not start the folder \"\(path)\".") }
        defer { git_treebuilder_free(builder) }
        for name in old.keys where items[name] == nil {
            try name.withCString { text in
                try GitLibrary.check(git_treebuilder_remove(builder, text), "delete \(name.text) in \"\(path)\"")
            }
        }
        for (name, item) in items where old[name] != item {
            var target = item.id.gitID
            try name.withCString { text in
                try GitLibrary.check(
                    git_treebuilder_insert(nil, builder, text, &target, git_filemode_t(item.mode)),
                    "put \(name.text) in \"\(path)\"")
            }
        }
        guard git_treebuilder_entrycount(builder) > 0 else { return nil }
        return try write(builder)
    }
}

extension TreeChangePlan.Name {
    /// The bytes as C takes them: git's names hold no NUL, but need not be UTF-8.
    fileprivate func withCString<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) throws -> Result {
        let characters = bytes.map { CChar(bitPattern: $0) } + [0]
        return try characters.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { throw HubError(.internalError, "A name has no address.") }
            return try body(start)
        }
    }
}
