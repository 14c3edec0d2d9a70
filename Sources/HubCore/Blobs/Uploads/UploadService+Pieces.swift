// Objects that come in several requests.
extension UploadService {
    /// Bytes of an object that are here: where its next piece begins.
    package func offset(of pointer: LFSPointer, in repository: Repository) async throws -> Int64 {
        try requireContribution(repository)
        if try await isPresent(pointer, in: repository) { return pointer.size }
        return try blobs.offset(of: UploadSession(pointer, into: repository))
    }

    /// Takes the next piece of an object; with the last one the object becomes the repository's.
    /// - Returns: bytes that are here now.
    /// - Throws: `.conflict` at another offset or while somebody else is writing, `.unprocessable` for too many bytes or
    ///   another digest, `.storageFull`, `.quotaExceeded`.
    package func append(
        to pointer: LFSPointer, at offset: Int64, of repository: Repository,
        from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws -> Int64 {
        try requireContribution(repository)
        if offset >= pointer.size, try await isPresent(pointer, in: repository) { return pointer.size }
        guard offset >= 0, offset < max(1, pointer.size) else {
            throw HubError(.conflict, "The object has \(pointer.size) bytes: nothing goes to offset \(offset).")
        }
        let session = UploadSession(pointer, into: repository)
        let reservation = try await reserve(pointer, in: repository)
        let end = try await releasingWhatIsGone(reservation) {
            try await blobs.append(to: session, at: offset, from: chunks)
        }
        if end == pointer.size {
            try await store.noteUpload(of: pointer, to: repository, endingReservation: reservation)
        }
        return end
    }

    /// Takes one part.
    /// - Parameter number: from 1.
    package func receive(
        part number: Int, of pointer: LFSPointer, cut layout: PartLayout, of repository: Repository,
        from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws {
        try requireContribution(repository)
        _ = try await reserve(pointer, in: repository)
        try await blobs.write(
            part: number, of: UploadSession(pointer, into: repository, layout: layout), from: chunks)
    }

    /// Sets aside what the whole object takes, each time a piece of it comes: what nobody goes on with expires.
    private func reserve(_ pointer: LFSPointer, in repository: Repository) async throws -> String {
        let name = Self.reservation(pointer, repository)
        if try await store.quotas.isLimited(repository) {
            try await store.quotas.reserve(pointer.size, as: name, for: repository)
        }
        return name
    }

    /// An object whose digest is another is gone, and so is the need for its room.
    private func releasingWhatIsGone<Result>(_ reservation: String, _ work: () async throws -> Result) async throws
        -> Result
    {
        do {
            return try await work()
        } catch let error as HubError where error.code == .unprocessable || error.code == .storageFull {
            try? await store.quotas.release(reservation)
            throw error
        }
    }

    /// Makes an object of its parts. An object that is there already is no error: clients ask again when an answer was
    /// lost.
    /// - Parameter numbers: the parts the client has sent.
    /// - Throws: `.unprocessable` when parts are missing or the digest is another, `.conflict` while parts arrive.
    package func complete(
        _ pointer: LFSPointer, cut layout: PartLayout, parts numbers: [Int], of repository: Repository
    ) async throws {
        try requireContribution(repository)
        guard numbers.sorted() == Array(1..<(layout.count + 1)) else {
            throw HubError(.unprocessable, "The object \(pointer.oid) has the parts 1 to \(layout.count), each once.")
        }
        if try await isPresent(pointer, in: repository) { return }
        if layout.count == 0 {
            let nothing = AsyncThrowingStream<[UInt8], any Error> { $0.finish() }
            return try await receive(pointer, of: repository, from: nothing)
        }
        let reservation = try await reserve(pointer, in: repository)
        try await releasingWhatIsGone(reservation) {
            try await blobs.complete(UploadSession(pointer, into: repository, layout: layout))
        }
        try await store.noteUpload(of: pointer, to: repository, endingReservation: reservation)
    }
}
