import CGit2

/// A commit that was built.
struct WrittenCommit: Sendable {
    let id: CommitID
    /// Whether its tree is its first parent's.
    let isUnchanged: Bool
}

extension GitRepository {
    /// Builds a commit on the first parent's tree.
    /// - Throws: `revision-not-found`, `entry-not-found`, `unprocessable`.
    /// - Complexity: each folder touched is read and written once.
    func commit(
        _ plan: TreeChangePlan, parents: [CommitID], author: Signature, committer: Signature, message: String
    ) throws -> WrittenCommit {
        let bases = try parents.map(requireCommit)
        let tree = try apply(plan.root, to: bases.first?.tree, at: "") ?? write([], as: .tree)
        let id = try write(
            CommitInfo.encoded(tree: tree, parents: parents, author: author, committer: committer, message: message),
            as: .commit)
        return WrittenCommit(id: id, isUnchanged: tree == bases.first?.tree)
    }

    /// A folder with the changes below a node; nil when nothing is left in it.
    private func apply(_ node: TreeChangePlan.Node, to base: ObjectID?, at path: String) throws -> ObjectID? {
        let source = try base.map(tree)
        defer { git_tree_free(source) }
        var building: OpaquePointer?
        try GitLibrary.check(git_treebuilder_new(&building, repository, source), "start the folder \"\(path)\"")
        guard let builder = building else { throw HubError(.internalError, "Could not start the folder \"\(path)\".") }
        defer { git_treebuilder_free(builder) }
        for (name, child) in node.children {
            let childPath = path.isEmpty ? name.text : "\(path)/\(name.text)"
            try apply(child, named: name.text, at: childPath, in: builder)
        }
        guard git_treebuilder_entrycount(builder) > 0 else { return nil }
        return try write(builder)
    }

    private func apply(
        _ node: TreeChangePlan.Node, named name: String, at path: String, in builder: OpaquePointer
    ) throws {
        var existing = git_treebuilder_get(builder, name).map {
            (
                id: git_tree_entry_id($0).map { ObjectID($0.pointee) } ?? .zero,
                isFolder: git_tree_entry_filemode($0) == GIT_FILEMODE_TREE,
                isExecutable: git_tree_entry_filemode($0) == GIT_FILEMODE_BLOB_EXECUTABLE
            )
        }
        if node.isDeleted {
            guard existing != nil || node.mayBeAbsent else { throw Self.absent(path) }
            if existing != nil { try GitLibrary.check(git_treebuilder_remove(builder, name), "delete \(path)") }
            existing = nil
        }
        if !node.children.isEmpty {
            if let existing, !existing.isFolder {
                guard node.children.values.contains(where: \.puts) else { throw Self.absent(path + "/...") }
                throw HubError(.unprocessable, "The commit puts a file below \(path), which is a file.")
            }
            let folder = try apply(node, to: existing?.id, at: path)
            if let folder {
                try insert(folder, mode: GIT_FILEMODE_TREE, named: name, at: path, in: builder)
            } else if existing != nil {
                try GitLibrary.check(git_treebuilder_remove(builder, name), "delete the empty folder \(path)")
            }
            existing = folder.map { ($0, true, false) }
        }
        if let file = node.file {
            guard existing?.isFolder != true else {
                throw HubError(.unprocessable, "The commit puts a file at \(path), which is a folder.")
            }
            guard try header(of: file.blob)?.type == GIT_OBJECT_BLOB else {
                throw HubError(.unprocessable, "The content \(file.blob) for \(path) is not stored here.")
            }
            let isExecutable = file.executable ?? existing?.isExecutable ?? false
            let mode = isExecutable ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB
            try insert(file.blob, mode: mode, named: name, at: path, in: builder)
        }
    }

    private func insert(
        _ id: ObjectID, mode: git_filemode_t, named name: String, at path: String, in builder: OpaquePointer
    ) throws {
        var target = id.gitID
        try GitLibrary.check(git_treebuilder_insert(nil, builder, name, &target, mode), "put \(path)")
    }

    private static func absent(_ path: String) -> HubError {
        HubError(.entryNotFound, "A file with this name doesn't exist: \(path).")
    }
}
