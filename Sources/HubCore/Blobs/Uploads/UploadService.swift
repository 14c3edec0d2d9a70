/// Uploads of large objects into local repositories, for every surface that takes them.
///
/// An object belongs to a repository only after all of its bytes came by it and their digest was right, also when the
/// store has it already from another (S13): who knows a digest does not have the bytes.
package struct UploadService: Sendable {
    let store: RepositoryStore
    let blobs: FileBlobStore

    package init(store: RepositoryStore, blobs: FileBlobStore) {
        self.store = store
        self.blobs = blobs
    }

    /// What is to happen with one object.
    package enum Need: Sendable {
        /// The repository has it.
        case present
        /// It has to be sent.
        case bytes
        /// It cannot be taken.
        case refused(HubError)
    }

    /// What a client has to send of these objects.
    /// - Parameter repository: opened for `.contentWrite`, as for every method here; or for `.discuss` by who will name the
    ///   objects in a pull request, and stages them until then.
    package func needs(_ pointers: [LFSPointer], of repository: Repository) async throws -> [LFSPointer: Need] {
        try requireContribution(repository)
        let proved = try await store.provedSizes(of: pointers.map(\.oid), in: repository)
        let isLimited = try await store.quotas.isLimited(repository)
        // Looked at once: a batch has a thousand objects, of which none is here yet.
        let disk = try? blobs.space()
        var needs: [LFSPointer: Need] = [:]
        for pointer in Set(pointers) {
            if proved[pointer.oid] == pointer.size, try await blobs.size(of: pointer.oid) == pointer.size {
                needs[pointer] = .present
            } else if pointer.size == 0, pointer.oid == Self.emptyBlob {
                // Who names it has all of its bytes. git-lfs would never send them by tus.
                try await receive(pointer, of: repository, from: AsyncThrowingStream { $0.finish() })
                needs[pointer] = .present
            } else {
                do {
                    try await store.requireUnburied(pointer.oid)
                    try blobs.checkSpace(for: pointer.size, on: disk)
                    if isLimited {
                        try await store.quotas.reserve(
                            pointer.size, as: Self.reservation(pointer, repository), for: repository)
                    }
                    needs[pointer] = .bytes
                } catch let error as HubError {
                    needs[pointer] = .refused(error)
                }
            }
        }
        return needs
    }

    /// Whether the repository has an object, stored and its own.
    /// - Throws: `.blobNotFound`, `.unprocessable` for another size.
    package func verify(_ pointer: LFSPointer, of repository: Repository) async throws {
        try requireContribution(repository)
        guard let size = try await store.provedSizes(of: [pointer.oid], in: repository)[pointer.oid],
            try await blobs.size(of: pointer.oid) == size
        else { throw HubError(.blobNotFound, "The object \(pointer.oid) was not uploaded to \(repository.id).") }
        guard size == pointer.size else {
            throw HubError(.unprocessable, "The object \(pointer.oid) has \(size) bytes, not \(pointer.size).")
        }
    }

    /// Takes an object in one body.
    /// - Throws: `.unprocessable` when its digest or size is another, `.storageFull`, `.quotaExceeded`; nothing is kept
    ///   then.
    package func receive(
        _ pointer: LFSPointer, of repository: Repository,
        from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws {
        try requireContribution(repository)
        try await store.requireUnburied(pointer.oid)
        try await store.quotas.holding(for: repository) { hold in
            // Each request has its own: two that bring the same object may end differently.
            try await hold.cover(pointer.size, isWhole: true, outOf: Self.reservation(pointer, repository))
            _ = try await blobs.store(
                pointer.oid, size: pointer.size, from: CoveredChunks(base: chunks, hold: hold))
            try await store.noteUpload(of: pointer, to: repository, endingReservation: hold.name)
        }
    }

    /// What is set aside for an object from when it was asked about until all of it came.
    static func reservation(_ pointer: LFSPointer, _ repository: Repository) -> String {
        "object-\(repository.key)-\(repository.principal.user?.id ?? 0)-\(pointer.oid.hex)"
    }

    private static let emptyBlob = BlobID(hashing: [])

    func requireContribution(_ repository: Repository) throws {
        guard repository.verb == .contentWrite || repository.contributor != nil, !repository.isMirror else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to write.")
        }
    }

    func isPresent(_ pointer: LFSPointer, in repository: Repository) async throws -> Bool {
        guard try await store.provedSizes(of: [pointer.oid], in: repository)[pointer.oid] == pointer.size else {
            return false
        }
        return try await blobs.size(of: pointer.oid) == pointer.size
    }
}
