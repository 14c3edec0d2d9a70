import CGit2

/// Makes a history anew without some blobs, as `git filter-repo --strip-blobs-with-ids` does.
///
/// What names none of them keeps its id, so that a history is shared up to the first commit that did.
struct HistoryRewriting {
    private let repository: GitRepository
    private let dropped: Set<ObjectID>
    private let boundary: Set<ObjectID>
    /// Trees as they become; nil for one that nothing is left in.
    private var trees: [ObjectID: ObjectID?] = [:]
    private var commits: [CommitID: CommitID] = [:]

    /// - Parameter boundary: commits whose parents are not stored.
    init(of repository: GitRepository, without dropped: Set<ObjectID>, boundary: Set<ObjectID>) {
        self.repository = repository
        self.dropped = dropped
        self.boundary = boundary
    }

    /// What a ref's target becomes: a commit, or an annotated tag of one.
    /// - Throws: `unprocessable` for a tree nested deeper than any honest one.
    mutating func rewritten(_ target: ObjectID) throws -> ObjectID {
        guard let object = try repository.read(target) else { return target }
        switch object.type {
        case GIT_OBJECT_COMMIT: return try commit(target)
        case GIT_OBJECT_TAG:
            guard let named = ObjectHeaders(object.bytes).value(of: "object") else { return target }
            let new = try rewritten(named)
            guard new != named else { return target }
            return try repository.write(
                ObjectHeaders(object.bytes).replacing { name, _ in name == "object" ? ["object \(new.hex)"] : nil },
                as: .tag)
        default: return target
        }
    }

    /// Parents before children, without recursion: histories are long.
    private mutating func commit(_ start: CommitID) throws -> CommitID {
        var stack = [start]
        while let next = stack.last {
            guard commits[next] == nil else {
                stack.removeLast()
                continue
            }
            let info = try repository.requireCommit(next)
            let parents = boundary.contains(next) ? [] : info.parents
            let missing = try parents.filter { try commits[$0] == nil && repository.commit($0) != nil }
            guard missing.isEmpty else {
                stack += missing
                continue
            }
            commits[next] = try rewritten(info)
            stack.removeLast()
        }
        return commits[start] ?? start
    }

    private mutating func rewritten(_ info: CommitInfo) throws -> CommitID {
        let kept = try tree(info.tree, depth: 0)
        let root = try kept ?? repository.write([], as: .tree)
        let parents = info.parents.map { commits[$0] ?? $0 }
        guard root != info.tree || parents != info.parents, let object = try repository.read(info.id) else {
            return info.id
        }
        let names = parents.map { "parent \($0.hex)" }
        return try repository.write(
            ObjectHeaders(object.bytes).replacing { name, _ in
                switch name {
                case "tree": ["tree \(root.hex)"] + names
                // The signature was of what this commit is no more.
                case "parent", "gpgsig", "gpgsig-sha256": []
                default: nil
                }
            }, as: .commit)
    }

    private mutating func tree(_ id: ObjectID, depth: Int) throws -> ObjectID? {
        if let known = trees[id] { return known }
        guard depth < GitRepository.maximumDepth else {
            throw HubError(.unprocessable, "The tree \(id) is nested too deep to be rewritten.")
        }
        let source = try repository.tree(id)
        defer { git_tree_free(source) }
        var removed: [String] = []
        var replaced: [(name: String, id: ObjectID)] = []
        for index in 0..<git_tree_entrycount(source) {
            guard let entry = git_tree_entry_byindex(source, index), let name = git_tree_entry_name(entry),
                let child = git_tree_entry_id(entry).map({ ObjectID($0.pointee) })
            else { continue }
            if git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE {
                let new = try tree(child, depth: depth + 1)
                if let new, new != child { replaced.append((String(cString: name), new)) }
                if new == nil { removed.append(String(cString: name)) }
            } else if dropped.contains(child) {
                removed.append(String(cString: name))
            }
        }
        let result = removed.isEmpty && replaced.isEmpty ? id : try build(source, removed, replaced)
        trees[id] = .some(result)
        return result
    }

    private func build(_ source: OpaquePointer, _ removed: [String], _ replaced: [(name: String, id: ObjectID)]) throws
        -> ObjectID?
    {
        var building: OpaquePointer?
        try GitLibrary.check(git_treebuilder_new(&building, repository.repository, source), "rewrite a folder")
        guard let builder = building else { throw HubError(.internalError, "Could not rewrite a folder.") }
        defer { git_treebuilder_free(builder) }
        for name in removed { try GitLibrary.check(git_treebuilder_remove(builder, name), "remove \(name)") }
        for (name, id) in replaced {
            var target = id.gitID
            try GitLibrary.check(
                git_treebuilder_insert(nil, builder, name, &target, GIT_FILEMODE_TREE), "replace \(name)")
        }
        guard git_treebuilder_entrycount(builder) > 0 else { return nil }
        return try repository.write(builder)
    }
}

/// The header lines of a commit or tag object, which a blank line ends.
struct ObjectHeaders {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The object a header names.
    func value(of name: String) -> ObjectID? {
        let line = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .prefix { !$0.isEmpty }.first { $0.starts(with: Array("\(name) ".utf8)) }
        return line.flatMap { ObjectID(hexDigits: $0.dropFirst(name.utf8.count + 1)) }
    }

    /// The object with some headers replaced by other lines; nil keeps one. Lines that go on with a space belong to the
    /// header before.
    func replacing(_ replacement: (_ name: String, _ line: ArraySlice<UInt8>) -> [String]?) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        var isDropped = false
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.first == UInt8(ascii: " ") {
                if !isDropped { result += line + [UInt8(ascii: "\n")] }
                continue
            }
            let name = String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
            let lines = replacement(name, line)
            isDropped = lines != nil
            if let lines {
                for text in lines { result += Array("\(text)\n".utf8) }
            } else {
                result += line + [UInt8(ascii: "\n")]
            }
        }
        return result + rest
    }
}
