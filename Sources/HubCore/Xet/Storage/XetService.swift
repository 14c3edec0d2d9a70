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
    ///   - repository: opened for `.contentWrite`.
    /// - Returns: whether the repository did not have it yet.
    /// - Throws: `.badRequest` and `.unprocessable` for what is no xorb or has another name, `.payloadTooLarge`,
    ///   `.storageFull`, or what `pieces` throws.
    package func receiveXorb(
        _ name: XetHash, from pieces: some AsyncSequence<[UInt8], any Error> & Sendable, for repository: Repository
    ) async throws -> Bool {
        try requireWrite(repository)
        let index = try await xorbs.store(name, from: pieces)
        return try await records.noteUpload(of: index, to: repository)
    }

    /// The name in Xet under which a blob of a repository can be reconstructed; nil when it did not come by Xet.
    package func hash(of blob: BlobID, in repository: Repository) async throws -> XetHash? {
        guard !repository.isMirror else { return nil }
        return try await records.hash(of: blob)
    }

    func requireWrite(_ repository: Repository) throws {
        guard repository.verb == .contentWrite, !repository.isMirror else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to write.")
        }
    }
}
