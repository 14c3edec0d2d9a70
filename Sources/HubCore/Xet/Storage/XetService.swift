/// The hub's content-addressed storage as Xet's clients use it: xorbs come first, then a shard that says which files
/// they make up; each file becomes a plain blob, linked to the repository, that a commit may name.
///
/// Knowing a hash gives nothing: a repository's files can only be made of chunks whose hashes the uploader knows, as the
/// verification hash of each term shows. A xorb of a single chunk is named by that chunk's hash, which therefore shows
/// nothing: such a xorb must have been sent by the uploader himself, or to a repository that he may see.
/// - SeeAlso: wire/huggingface.md §7 and §11.
package struct XetService: Sendable {
    let xorbs: XorbStore
    let records: XetRecords
    let store: RepositoryStore
    let blobs: any BlobStore

    package init(xorbs: XorbStore, store: RepositoryStore, blobs: any BlobStore) {
        self.xorbs = xorbs
        self.store = store
        self.blobs = blobs
        records = XetRecords(store: store)
    }

    /// Names this storage in clients' caches; another one once xorbs were lost.
    package var generation: String { xorbs.generation }

    /// Stores a xorb that is uploaded to a repository.
    /// - Parameters:
    ///   - pieces: the serialized xorb.
    ///   - size: its bytes, where they are known before they come.
    ///   - repository: opened for `.contentWrite`, as for every method here; or for `.discuss` by who will name its files in
    ///     a pull request, and stages them until then.
    /// - Returns: whether the repository did not have it yet.
    /// - Throws: `.badRequest` and `.unprocessable` for what is no xorb or has another name, `.payloadTooLarge`,
    ///   `.storageFull`, `.quotaExceeded`, or what `pieces` throws.
    package func receiveXorb(
        _ name: XetHash, from pieces: some AsyncSequence<[UInt8], any Error> & Sendable, size: Int64? = nil,
        for repository: Repository
    ) async throws -> Bool {
        try requireContribution(repository)
        // What a file takes is not known before its shard comes. Until then a xorb stands for what it brings.
        let reservation = Self.reservation(of: name, repository)
        let isLimited = try await store.quotas.isLimited(repository)
        if isLimited {
            try await store.quotas.reserve(size ?? XorbLimits().storedBytes, as: reservation, for: repository)
        }
        do {
            let index = try await xorbs.store(name, from: pieces)
            return try await records.noteUpload(of: index, to: repository)
        } catch {
            if isLimited { try? await store.quotas.release(reservation) }
            throw error
        }
    }

    /// What is set aside for a xorb, until a shard says what it was for or nobody says anything any more.
    static func reservation(of xorb: XetHash, _ repository: Repository) -> String {
        "xorb-\(repository.key)-\(repository.principal.user?.id ?? 0)-\(xorb.text)"
    }

    /// The name in Xet under which a blob of a repository can be reconstructed; nil when it did not come by Xet.
    package func hash(of blob: BlobID, in repository: Repository) async throws -> XetHash? {
        guard !repository.isMirror, try await gives(blob, in: repository) else { return nil }
        return try await records.hash(of: blob)
    }

    /// Whether a blob is the repository's, where its reader may read it: by the first path it had, for a client that is told
    /// no more gets it without Xet.
    func gives(_ blob: BlobID, in repository: Repository) async throws -> Bool {
        guard let link = try await store.links(to: [blob], of: repository.key)[blob] else { return false }
        guard repository.rules.limitsReading else { return true }
        return link.path.map { repository.rules.denialOfReading($0) == nil } ?? false
    }

    func requireContribution(_ repository: Repository) throws {
        guard repository.verb == .contentWrite || repository.contributor != nil, !repository.isMirror else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to write.")
        }
    }
}
