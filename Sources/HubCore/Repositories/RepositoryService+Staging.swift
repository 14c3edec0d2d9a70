/// A file's bytes in the object database of one repository, before a commit names them.
package struct StagedFile: Sendable, Hashable {
    let blob: ObjectID
    /// Bytes of it.
    let size: Int64
    /// The large file these bytes point at, if they are a pointer.
    let pointer: LFSPointer?
}

extension RepositoryService {
    /// Puts a file's bytes into the object database, so that a commit of any size holds one file in memory at a time.
    ///
    /// Durable with the commit that names it; nothing is seen of it before.
    /// - Parameter repository: opened for `.contentWrite`, or for `.discuss` by who proposes a change.
    /// - Throws: `.badRequest` for a card that cannot be read.
    package func stage(_ bytes: [UInt8], at path: GitPath, in repository: Repository) async throws -> StagedFile {
        try requireContribution(repository)
        if path.path == "README.md" { try Card.validate(readme: bytes) }
        let burials = try await store.burials.current().index
        if burials.needsContentDigests, let tombstone = burials.tombstone(of: BlobID(hashing: bytes)) {
            throw tombstone.refusal
        }
        let blob = try await git.writeFirstBlob(bytes, in: repository.key)
        if let tombstone = burials.tombstone(of: blob) { throw tombstone.refusal }
        return StagedFile(blob: blob, size: Int64(bytes.count), pointer: LFSPointer(parsing: bytes))
    }

    /// Checks that commits can go to a ref, before their content is sent.
    /// - Throws: `.revisionNotFound`.
    package func requireTarget(_ ref: RefName, of repository: Repository) async throws {
        try requireContribution(repository)
        guard try await store.ref(ref, of: repository.key) == nil else { return }
        let isFirst = try await store.refs(of: repository.key).isEmpty
        guard isFirst, ref == RefName.branch(repository.defaultBranch) else {
            throw HubError(
                .revisionNotFound, "The branch '\(ref.shortName)' does not exist in \(repository.id).",
                remedy: "Create it first.")
        }
    }

    /// The ref that a commit to a revision moves: a branch by its short name, or another ref by its full one.
    ///
    /// `main` and `master` mean the default branch where there is no branch of that name, as they do for readers.
    /// - Throws: `.revisionNotFound` for what no commit can go to.
    package func target(named text: String, of repository: Repository) async throws -> RefName {
        let isFull = text.hasPrefix("refs/")
        guard let ref = isFull ? RefName(text) : RefName.branch(text), !ref.isTag, !ref.name.hasPrefix("refs/hub/")
        else {
            throw HubError(
                .revisionNotFound, "'\(text)' is not a branch of \(repository.id).", remedy: "Commit to a branch.")
        }
        guard !isFull, text == "main" || text == "master", text != repository.defaultBranch,
            try await store.ref(ref, of: repository.key) == nil
        else { return ref }
        return RefName.branch(repository.defaultBranch) ?? ref
    }

    /// The change to `.gitattributes` that large files of a commit need, so that git clones get the files and not their
    /// pointers; nil when each is covered, or the commit itself takes the file away.
    func tracking(
        of links: [BlobLink], _ changes: [TreeChange], head: CommitID?, in repository: Repository
    ) async throws -> TreeChange? {
        guard !links.isEmpty, let path = GitPath(".gitattributes") else { return nil }
        var text: [UInt8] = []
        switch changes.last(where: { $0.path.path == path.path }) {
        case .delete: return nil
        case .put(_, let blob, _):
            do {
                text = try await git.blob(blob, in: repository.key, limit: GitAttributes.maximumBytes)
            } catch let error as HubError where error.code == .payloadTooLarge {
                return nil
            }
        case nil:
            if let head, try await git.entry(at: path, commit: head, in: repository.key) != nil {
                // A link, or a file too long to be read: not ours to replace.
                guard let known = try await rootFile(path.path, of: head, in: repository.key) else { return nil }
                text = known
            }
        }
        let attributes = GitAttributes(parsing: text)
        let untracked = links.compactMap(\.path).filter { name in
            GitPath(name).map { !attributes.usesLFS($0) } ?? false
        }
        guard !untracked.isEmpty else { return nil }
        let lines = LFSAttributes.lines(for: untracked, after: text)
        return .put(path: path, blob: try await git.writeBlob(lines, in: repository.key), executable: false)
    }
}
