/// What pins and the number of revisions to keep mean in blobs: read from the trees of commits that are here.
package actor PinnedContent {
    /// The pins of some moment. A plan that was made under others is stale.
    package struct Version: Sendable, Hashable {
        let value: PinStore.Version
    }

    private struct Tree: Hashable {
        let repository: Int64
        let commit: CommitID
    }

    private let store: RepositoryStore
    private let git: GitStore
    /// Blobs that trees name: a commit never changes.
    private var known: [Tree: Set<BlobID>] = [:]
    private var knownBlobs = 0
    /// Ids kept over all commits.
    private static let limit = 2_000_000

    package init(store: RepositoryStore, git: GitStore) {
        self.store = store
        self.git = git
    }

    /// The pins that hold now.
    package func pins() async throws -> (pins: [Pin], version: Version) {
        let (pins, version) = try await store.pins.versioned()
        return (pins, Version(value: version))
    }

    /// The blobs that pinned revisions of a repository name; nil when that cannot be told, or when all of it is pinned:
    /// then all of it stays.
    package func blobs(of pins: [Pin], in key: Int64) async throws -> Set<BlobID>? {
        var blobs: Set<BlobID> = []
        var noted: [Int64: CommitID] = [:]
        for pin in pins {
            guard let revision = pin.revision else { return nil }
            // A branch that has moved on to what is not here yet keeps what it had.
            var pinned = pin.commit
            if let named = try await commit(named: revision, in: key), try await isHere(named, in: key) {
                if named != pin.commit { noted[pin.id] = named }
                pinned = named
            }
            guard let pinned, try await isHere(pinned, in: key) else { continue }
            guard let named = await self.blobs(named: pinned, in: key) else { return nil }
            blobs.formUnion(named)
        }
        try await store.pins.note(noted)
        return blobs
    }

    /// The blobs that the newest revisions name: where refs point, and as many more of the commits that came last; nil
    /// when there are no others, or when that cannot be told.
    package func blobs(ofNewest count: Int, in key: Int64) async throws -> Set<BlobID>? {
        let acquired = try await store.acquiredCommits(of: key, limit: count + 1)
        let hasOthers = acquired.count > count ? true : try await store.hasHistory(key)
        guard hasOthers else { return nil }
        var commits = Set(acquired.prefix(count))
        for ref in try await store.refs(of: key) { commits.insert(ref.peeled ?? ref.target) }
        var blobs: Set<BlobID> = []
        for commit in commits where try await isHere(commit, in: key) {
            guard let named = await self.blobs(named: commit, in: key) else { return nil }
            blobs.formUnion(named)
        }
        return blobs
    }

    /// The commits that pins of a repository name and that are here.
    package func commits(of pins: [Pin], in key: Int64) async throws -> Set<CommitID> {
        var commits: Set<CommitID> = []
        for pin in pins {
            guard let revision = pin.revision else { continue }
            for commit in [try await commit(named: revision, in: key), pin.commit].compactMap({ $0 })
            where try await isHere(commit, in: key) {
                commits.insert(commit)
            }
        }
        return commits
    }

    /// The blobs that one revision names; nil when the revision is not here.
    package func blobs(at revision: Revision, in key: Int64) async throws -> Set<BlobID>? {
        guard let commit = try await commit(named: revision, in: key), try await isHere(commit, in: key) else {
            return nil
        }
        return await blobs(named: commit, in: key)
    }

    private func isHere(_ commit: CommitID, in key: Int64) async throws -> Bool {
        guard await git.exists(key) else { return false }
        return try await git.contains(commit, in: key)
    }

    private func commit(named revision: Revision, in key: Int64) async throws -> CommitID? {
        func ref(_ name: RefName?) async throws -> CommitID? {
            guard let name else { return nil }
            return try await store.ref(name, of: key).map { $0.peeled ?? $0.target }
        }
        switch revision {
        case .commit(let commit): return commit
        case .ref(let name): return try await ref(name)
        case .name(let text):
            if let branch = try await ref(RefName.branch(text)) { return branch }
            return try await ref(RefName.tag(text))
        case .abbreviated(let text):
            if let branch = try await ref(RefName.branch(text)) { return branch }
            if let tag = try await ref(RefName.tag(text)) { return tag }
            let prefix = text.lowercased()
            return try await store.acquiredCommits(of: key, limit: 10_000).first { $0.hex.hasPrefix(prefix) }
        }
    }

    /// The LFS objects of a commit's tree; nil when it cannot be read.
    private func blobs(named commit: CommitID, in key: Int64) async -> Set<BlobID>? {
        let tree = Tree(repository: key, commit: commit)
        if let blobs = known[tree] { return blobs }
        guard let target = try? await git.peelToCommit(commit, in: key),
            let entries = try? await git.list(nil, commit: target, in: key, recursive: true)
        else { return nil }
        let blobs = Set(entries.compactMap { $0.lfs?.oid })
        if knownBlobs + blobs.count > Self.limit {
            known = [:]
            knownBlobs = 0
        }
        known[tree] = blobs
        knownBlobs += blobs.count + 1
        return blobs
    }
}
