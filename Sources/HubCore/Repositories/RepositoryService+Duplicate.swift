extension RepositoryService {
    /// Makes a repository of the principal's with everything another one's default branch holds, in one commit.
    ///
    /// Large files are shared, not copied: the new repository gets links of its own to those that its maker could read.
    /// - Parameter source: opened for `.contentRead`; local or a mirror.
    /// - Throws: as `create`; what the gate decides on the source; `.unprocessable` when a mirror's large
    ///   files are not stored here yet, or the source holds what a commit cannot.
    package func duplicate(
        _ source: Repository, to id: RepositoryID, visibility: Repository.Visibility, authorizer: Authorizer
    ) async throws -> Repository {
        guard source.verb == .contentRead else {
            throw HubError(.internalError, "\(source.id) was opened to \(source.verb.rawValue), not to read.")
        }
        // A copy without what is kept from its maker would be another repository than it says.
        try requireWholeReading(source, for: "a copy")
        try await authorizer.authorizeCreation(in: id.namespace, by: source.principal)
        let original = try await original(of: source)
        for file in original?.files ?? [] {
            // Large files leave by no tree: each is judged as if it were downloaded.
            if file.lfs != nil, let original { try await authorizeFile(file, in: original.snapshot) }
            try await requireStored(file, of: source)
        }
        let copy = try await create(id, visibility: visibility, by: source.principal, authorizer: authorizer)
        guard let original, !original.files.isEmpty, let main = RefName.branch(copy.defaultBranch) else { return copy }
        do {
            try await fill(copy, main, with: original)
        } catch {
            // Half a copy is worse than none.
            try? await delete(try await authorizer.open(source.principal, .delete, id))
            throw error
        }
        return copy
    }

    private struct Original {
        let snapshot: Snapshot
        let files: [TreeEntry]
    }

    private func original(of source: Repository) async throws -> Original? {
        do {
            let snapshot = try await snapshot(of: source, at: nil)
            try await requireUnburiedTree(of: snapshot.commit, in: source)
            try await check(.tree, commit: snapshot.commit, revision: snapshot.revision, of: source)
            return Original(snapshot: snapshot, files: try await contents(of: snapshot).files)
        } catch let error as HubError where error.code == .revisionNotFound && !source.isMirror {
            return nil
        }
    }

    private func requireStored(_ file: TreeEntry, of source: Repository) async throws {
        guard file.kind != .symlink else {
            throw HubError(.unprocessable, "'\(file.path)' in \(source.id) is a symbolic link, which cannot be copied.")
        }
        guard let pointer = file.lfs else { return }
        guard try await blobs.size(of: pointer.oid) == pointer.size, try await store.isProved(pointer.oid, for: source)
        else {
            throw HubError(
                .unprocessable, "The large file '\(file.path)' of \(source.id) is not stored here.",
                remedy: source.isMirror ? "Download it once, then copy the repository." : nil)
        }
    }

    private func fill(_ copy: Repository, _ main: RefName, with original: Original) async throws {
        let source = original.snapshot.repository
        var changes: [TreeChange] = []
        var links: [BlobLink] = []
        var gitBytes: Int64 = 0
        for file in original.files {
            guard let path = GitPath(file.path) else {
                throw HubError(.unprocessable, "'\(file.path)' in \(source.id) cannot be copied.")
            }
            let bytes = try await git.blob(file.id, in: source.key, limit: Self.maximumObjectSize)
            let blob = try await git.writeBlob(bytes, in: copy.key)
            gitBytes += Int64(bytes.count)
            changes.append(.put(path: path, blob: blob, executable: file.kind == .executable))
            if let pointer = file.lfs { links.append(BlobLink(pointer: pointer, commit: nil, path: file.path)) }
        }
        let author = signature(of: source.principal)
        let message = "Duplicate from \(source.id.path)"
        let commit = try await git.commit(
            changes: changes, parents: [], author: author, committer: author, message: message, in: copy.key)
        try await store.updateRefs(
            try await judge([RefUpdate(main, from: nil, to: commit)], of: copy), of: copy,
            action: "repository.duplicate", changeLog: message,
            head: try await headFacts(of: commit, in: copy),
            links: links.map { BlobLink(pointer: $0.pointer, commit: commit, path: $0.path) }, gitBytes: gitBytes)
    }
}
