extension RepositoryService {
    /// Checks that a file may be served, without opening it: for HEAD.
    /// - Throws: what the gate decides.
    package func authorizeFile(_ entry: TreeEntry, in snapshot: Snapshot) async throws {
        try requireReadable(entry.path, of: snapshot.repository)
        try await requireUnburied(entry, in: snapshot)
        try await check(
            .file(path: entry.path, size: entry.contentSize), commit: snapshot.commit, revision: snapshot.revision,
            of: snapshot.repository, digest: entry.lfs?.oid)
    }

    /// Opens a file: its git blob, or the LFS blob its pointer names, stored or arriving.
    /// - Throws: `.entryNotFound` for a folder, what the gate decides, or why the blob cannot be had.
    ///
    /// - Parameter isPull: whether somebody takes the file, which is written down: not for who only reads what it says.
    package func open(_ entry: TreeEntry, in snapshot: Snapshot, isPull: Bool = true) async throws -> SnapshotFile {
        try await authorizeFile(entry, in: snapshot)
        let file = try await openAuthorized(entry, in: snapshot)
        if isPull { notePull(of: entry, in: snapshot) }
        return file
    }

    private func openAuthorized(_ entry: TreeEntry, in snapshot: Snapshot) async throws -> SnapshotFile {
        guard entry.kind != .directory, entry.kind != .submodule else {
            throw HubError(.entryNotFound, "'\(entry.path)' is a folder in \(snapshot.repository.id).")
        }
        guard let pointer = entry.lfs else {
            let bytes = try await git.blob(entry.id, in: snapshot.repository.key, limit: Self.maximumObjectSize)
            return SnapshotFile(entry: entry, content: .object(bytes))
        }
        if let stored = try await openStored(pointer, of: snapshot.repository) {
            return SnapshotFile(entry: entry, content: .blob(stored))
        }
        guard snapshot.repository.isMirror, let source else {
            throw HubError(
                .blobNotFound, "The LFS object of '\(entry.path)' in \(snapshot.repository.id) was never uploaded.")
        }
        let reader = try await source.fetch(
            pointer, path: entry.path, at: snapshot.commit, of: snapshot.repository)
        store.uses.note(pointer.oid, at: store.clock.now())
        return SnapshotFile(entry: entry, content: .blob(reader))
    }

    /// A stored blob, when it is this repository's to give: others may have brought it here (S13, S17).
    /// - Returns: nil when it is not stored.
    /// - Throws: `.blobNotFound` when its upstream does not give it for this repository.
    private func openStored(_ pointer: LFSPointer, of repository: Repository) async throws -> BlobReader? {
        guard let stored = try await blobs.open(pointer.oid) else { return nil }
        if try await !store.isProved(pointer.oid, for: repository) {
            guard repository.isMirror, let source, try await source.gives(pointer, of: repository) else {
                throw HubError(
                    .blobNotFound, "The LFS object \(pointer.oid.hex) does not belong to \(repository.id).")
            }
        }
        countHit(pointer.oid, of: repository)
        return stored
    }

    /// Files in git itself are read into memory; what is larger belongs into LFS.
    package static let maximumObjectSize = 256 << 20

    /// Which of these LFS objects the repository may give out to those who may read all of it, with their sizes; others are
    /// absent.
    ///
    /// A link decides, never possession of the blob (S13). Pointers from the history of a mirror that no acquisition
    /// has walked are asked of the upstream.
    func allLinks(to pointers: [LFSPointer], of repository: Repository) async throws -> [BlobID: BlobLink] {
        var links = try await store.links(to: pointers.map(\.oid), of: repository.key)
        // The size of a link that no tree told is a caller's claim: with another one it is asked again.
        let unknown = pointers.filter { pointer in
            guard pointer.size > 0 || pointer.oid == Self.emptyBlob else { return false }
            guard let link = links[pointer.oid] else { return true }
            return link.path == nil && link.pointer.size != pointer.size
        }
        guard !unknown.isEmpty, repository.isMirror, let source else { return links }
        let granted: Set<BlobID>
        do {
            granted = try await source.grants(unknown, of: repository)
        } catch let error as HubError
            where !links.isEmpty && (error.code == .offline || error.code == .upstreamUnavailable)
        {
            return links
        }
        let fresh = unknown.filter { granted.contains($0.oid) }
        try await store.linkGranted(fresh, to: repository.key)
        for pointer in fresh { links[pointer.oid] = BlobLink(pointer: pointer, commit: nil, path: nil) }
        return links
    }

    private static let emptyBlob = BlobID(hashing: [])

    /// Checks that a linked LFS object may be served.
    /// - Throws: what the gate decides.
    package func authorize(_ link: BlobLink, of repository: Repository) async throws {
        try await requireUnburied(link, of: repository)
        guard repository.isMirror, let gate else { return }
        guard let commit = link.commit, let path = link.path else {
            // Only a batch named it. The default branch tells its path, or else it has none: decide by its size.
            let snapshot = try await snapshot(of: repository, at: nil)
            let oid = link.pointer.oid
            if let placed = try await store.links(to: [oid], of: repository.key)[oid], placed.path != nil {
                return try await authorize(placed, of: repository)
            }
            return try await check(
                .file(path: "", size: link.pointer.size), commit: snapshot.commit, revision: snapshot.revision,
                of: repository, digest: oid)
        }
        do {
            try await gate.check(
                ContentRequest(
                    repository: repository, revision: .commit(commit), commit: commit,
                    scope: .file(path: path, size: link.pointer.size), digest: link.pointer.oid),
                contents: { try await contents(of: commit, in: repository) })
        } catch let refusal as HubError where refusal.code == .policyDenied || refusal.code == .policyReview {
            // The commit that had it first may be refused where the default branch, with the same bytes, is not.
            guard try await isServed(link.pointer, onDefaultBranchOf: repository) else { throw refusal }
        }
    }

    private func isServed(_ pointer: LFSPointer, onDefaultBranchOf repository: Repository) async throws -> Bool {
        do {
            let snapshot = try await snapshot(of: repository, at: nil)
            let files = try await contents(of: snapshot).files
            guard let file = files.first(where: { $0.lfs == pointer }) else { return false }
            try await authorizeFile(file, in: snapshot)
            return true
        } catch _ as HubError {
            return false
        }
    }

    /// Checks that a linked LFS object may be served and, where no upstream has it, that its bytes are here; without
    /// opening it, for who tells how to fetch it.
    /// - Returns: its size in bytes.
    /// - Throws: `.blobNotFound`, or what the gate decides.
    package func sizeToServe(_ link: BlobLink, of repository: Repository) async throws -> Int64 {
        try await authorize(link, of: repository)
        if let size = try await blobs.size(of: link.pointer.oid) {
            if repository.isMirror { return size }
            if try await store.isProved(link.pointer.oid, for: repository) { return size }
        }
        guard repository.isMirror, source != nil else {
            throw HubError(
                .blobNotFound, "The LFS object \(link.pointer.oid.hex) of \(repository.id) was never uploaded.")
        }
        return link.pointer.size
    }

    /// Opens a linked LFS object.
    /// - Throws: `.blobNotFound`, what the gate decides, or why the blob cannot be had.
    ///
    /// - Parameter isPull: whether somebody takes the object from its beginning, which is written down.
    package func open(_ link: BlobLink, of repository: Repository, isPull: Bool = true) async throws -> BlobReader {
        try await authorize(link, of: repository)
        let reader = try await openAuthorized(link, of: repository)
        if isPull { notePull(of: link, in: repository) }
        return reader
    }

    private func openAuthorized(_ link: BlobLink, of repository: Repository) async throws -> BlobReader {
        if let stored = try await openStored(link.pointer, of: repository) { return stored }
        guard repository.isMirror, let source else {
            throw HubError(
                .blobNotFound, "The LFS object \(link.pointer.oid.hex) of \(repository.id) was never uploaded.")
        }
        let commit: CommitID
        if let known = link.commit {
            commit = known
        } else {
            commit = try await snapshot(of: repository, at: nil).commit
        }
        return try await source.fetch(link.pointer, path: link.path ?? "", at: commit, of: repository)
    }

    /// Misses are counted by whoever fetches.
    private func countHit(_ blob: BlobID, of repository: Repository) {
        guard repository.isMirror else { return }
        store.uses.note(blob, at: store.clock.now())
        metrics?.counter("hub_cache_requests_total", labels: ["result": "hit"], by: 1)
    }

    /// Whether the bytes of an LFS object are here, verified.
    package func isStored(_ id: BlobID) async throws -> Bool {
        try await blobs.size(of: id) != nil
    }
}
