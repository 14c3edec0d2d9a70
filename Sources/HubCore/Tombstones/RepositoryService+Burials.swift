/// What is buried leaves on no surface, whether the repository is local or a mirror and whatever policy says.
extension RepositoryService {
    /// - Throws: `.buried` when a repository, one of its commits or what its card says is.
    func requireUnburied(_ commit: CommitID?, of repository: Repository) async throws {
        let index = try await store.burials.current().index
        if !index.isEmpty { try await require(index, commit, of: repository) }
    }

    /// - Throws: `.buried` when a file is, or whatever it lies in.
    func requireUnburied(_ entry: TreeEntry, in snapshot: Snapshot) async throws {
        let index = try await store.burials.current().index
        guard !index.isEmpty else { return }
        try await require(index, snapshot.commit, of: snapshot.repository)
        if let tombstone = try await tombstone(of: entry, index, in: snapshot.repository.key) {
            throw tombstone.refusal
        }
    }

    /// - Throws: `.buried` when an LFS object is, or whatever it lies in.
    func requireUnburied(_ link: BlobLink, of repository: Repository) async throws {
        let index = try await store.burials.current().index
        guard !index.isEmpty else { return }
        if let tombstone = index.tombstone(of: link.pointer.oid) { throw tombstone.refusal }
        try await require(index, link.commit, of: repository)
    }

    /// Checks what git transports of a commit: its tree, without the objects that LFS brings.
    /// - Throws: `.buried`, naming the file.
    func requireUnburiedTree(of commit: CommitID, in repository: Repository) async throws {
        let (index, version) = try await store.burials.current()
        guard !index.isEmpty else { return }
        try await require(index, commit, of: repository)
        guard index.needsContentDigests || !index.buriedObjects.isEmpty else { return }
        let key = CommitContentsCache.Key(repository: repository.key, commit: commit)
        if unburiedTrees[key] == version { return }
        for file in try await contents(of: commit, in: repository).files where file.lfs == nil {
            guard let tombstone = try await tombstone(of: file, index, in: repository.key) else { continue }
            throw Self.refusal(tombstone, of: file.path, in: repository)
        }
        unburiedTrees.insert(version, for: key)
    }

    /// Checks what a fetch wants of a repository: each commit's tree, single objects, and, where it wants history, that
    /// no buried object lies on the way.
    func requireUnburied(wants: [ObjectID], history: Bool, of repository: Repository) async throws {
        let index = try await store.burials.current().index
        guard !index.isEmpty else { return }
        try await require(index, nil, of: repository)
        for want in Set(wants) {
            if let tombstone = index.tombstone(of: want) { throw tombstone.refusal }
            guard let commit = try await git.peelToCommit(want, in: repository.key) else { continue }
            try await requireUnburiedTree(of: commit, in: repository)
        }
        for object in index.buriedObjects where history {
            guard try await git.contains(object, in: repository.key), let tombstone = index.tombstone(of: object) else {
                continue
            }
            throw Self.refusal(tombstone, of: "an object in its history", in: repository)
        }
    }

    private func require(_ index: TombstoneIndex, _ commit: CommitID?, of repository: Repository) async throws {
        if let tombstone = index.tombstone(of: repository.id, origin: repository.origin) { throw tombstone.refusal }
        guard let commit else { return }
        if let tombstone = index.tombstone(of: commit, in: repository.id, origin: repository.origin) {
            throw tombstone.refusal
        }
        guard index.namesLicenses else { return }
        let licenses = try await contents(of: commit, in: repository).card.licenses
        if let tombstone = index.tombstone(ofLicenses: licenses, origin: repository.origin) { throw tombstone.refusal }
    }

    /// What buries a file: by the object that its pointer names, by its name in git, or by its bytes.
    private func tombstone(of entry: TreeEntry, _ index: TombstoneIndex, in key: Int64) async throws -> Tombstone? {
        if let pointer = entry.lfs { return index.tombstone(of: pointer.oid) }
        if let tombstone = index.tombstone(of: entry.id) { return tombstone }
        guard index.needsContentDigests, entry.kind != .directory, entry.kind != .submodule,
            entry.size <= Int64(Self.maximumObjectSize)
        else { return nil }
        let digest: BlobID
        if let known = store.burials.contentDigest(of: entry.id) {
            digest = known
        } else {
            digest = BlobID(hashing: try await git.blob(entry.id, in: key, limit: Self.maximumObjectSize))
            store.burials.note(digest, of: entry.id)
        }
        guard let tombstone = index.tombstone(of: digest) else { return nil }
        // Now its name in git is known, and the next look needs no bytes.
        try await store.tombstones.note(entry.id, of: digest)
        return tombstone
    }

    private static func refusal(_ tombstone: Tombstone, of place: String, in repository: Repository) -> HubError {
        var refusal = tombstone.refusal
        refusal.message = "'\(place)' of \(repository.id): \(refusal.message)"
        refusal.remedy = "Download the other files by the API, or use a revision without it."
        return refusal
    }
}
