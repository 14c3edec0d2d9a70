// Files that come in pieces from whoever cannot hash them.
extension UploadService {
    /// How far an upload got.
    package func state(of upload: UnnamedUpload, in repository: Repository) throws -> UnnamedUpload.State {
        try requireContribution(repository)
        return try blobs.state(of: upload)
    }

    /// Takes the next piece of a file; with the last one a large file becomes the repository's.
    /// - Parameter isLarge: whether the file goes to the blob store; others wait for their commit.
    /// - Throws: `.conflict` at another offset or while somebody else is writing, `.unprocessable` for too many bytes,
    ///   `.storageFull`, `.quotaExceeded`, and why content may not be had.
    package func append(
        to upload: UnnamedUpload, at offset: Int64, isLarge: Bool, of repository: Repository,
        from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws -> UnnamedUpload.State {
        try requireContribution(repository)
        if case .stored(let id) = try blobs.state(of: upload), offset >= upload.size { return .stored(id) }
        guard offset >= 0, offset <= upload.size else {
            throw HubError(.conflict, "The file has \(upload.size) bytes: nothing goes to offset \(offset).")
        }
        if try await store.quotas.isLimited(repository) {
            try await store.quotas.reserve(upload.size, as: upload.reservation, for: repository)
        }
        let end = try await blobs.append(to: upload, at: offset, from: chunks)
        guard end == upload.size, isLarge else { return .arriving(end) }
        return .stored(try await settle(upload, in: repository).oid)
    }

    /// Names a file of which all bytes came, and makes it the repository's.
    package func settle(_ upload: UnnamedUpload, in repository: Repository) async throws -> LFSPointer {
        try requireContribution(repository)
        let id = try await blobs.settle(upload) { id in try await store.requireUnburied(id) }
        let pointer = LFSPointer(oid: id, size: upload.size)
        if try await !isPresent(pointer, in: repository) {
            try await store.noteUpload(of: pointer, to: repository, endingReservation: upload.reservation)
        }
        return pointer
    }

    /// The bytes of a small file of which all came. What was set aside for it ends: the commit sets aside its own.
    package func bytes(of upload: UnnamedUpload, in repository: Repository) async throws -> [UInt8] {
        try requireContribution(repository)
        let bytes = try await blobs.bytes(of: upload)
        try await store.quotas.release(upload.reservation)
        return bytes
    }

    /// Forgets what came of a file; what became the repository's stays until it is collected.
    package func discard(_ upload: UnnamedUpload, in repository: Repository) async throws {
        try requireContribution(repository)
        try await blobs.discard(upload)
        try await store.quotas.release(upload.reservation)
    }
}
