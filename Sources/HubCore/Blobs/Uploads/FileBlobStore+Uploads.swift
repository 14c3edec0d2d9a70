// Uploads that come in pieces: from the beginning on and resumable, or as parts at once.
extension FileBlobStore {
    /// Refuses bytes for which there is no room, what others have promised to bring counted in.
    /// - Parameter disk: the disk's space as it was a moment ago, for who asks about many; nil to look.
    /// - Throws: `HubError`: `storageFull`, or why nothing may be written.
    package func checkSpace(for bytes: Int64, on disk: (free: Int64, total: Int64)? = nil) throws {
        try directory.checkWritable()
        try directory.checkSpace(
            for: max(0, bytes).addingClamped(downloads.promised).addingClamped(promises.bytes), on: disk)
    }

    /// Counts in a body that is about to be invited.
    func promise(of bytes: Int64) throws -> SpacePromise {
        try directory.checkWritable()
        let downloading = downloads.promised
        return try promises.make(bytes) { try directory.checkSpace(for: $0.addingClamped(downloading)) }
    }

    /// Where an upload that grows from its beginning goes on.
    ///
    /// One of which all bytes came and that was not published, because the server died in between, wants its last byte
    /// once more: clients take an offset at the end for success.
    func offset(of session: UploadSession) throws -> Int64 {
        let length = try PosixFile.size(of: directory.uploadPath(session)) ?? 0
        return max(0, min(length, session.pointer.size - 1))
    }

    /// Takes up an upload at its offset and, once it has all bytes, compares their digest and publishes them.
    ///
    /// What came before a failure stays for the next attempt; on a full disk everything goes, so that the space comes back.
    /// - Returns: bytes that are there now.
    /// - Throws: `HubError`: `conflict` when it stands at another offset or somebody else is writing it; `unprocessable` for
    ///   too many bytes, or when the digest is another, and everything is gone then; `storageFull`.
    func append(
        to session: UploadSession, at offset: Int64, from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws -> Int64 {
        let path = directory.uploadPath(session)
        let promise = try promise(of: session.pointer.size - offset)
        defer { promise.end() }
        let file = try await workers.run { [self] in
            guard let file = try BlobFile.openOrCreate(at: path) else { throw Self.busy(session) }
            let expected = max(0, min(try file.length(), session.pointer.size - 1))
            guard offset == expected else {
                if expected == 0 { file.discard() }
                throw HubError(.conflict, "The upload stands at offset \(expected), not \(offset).")
            }
            try directory.checkWritable()
            return file
        }
        defer { file.unlock() }
        let received: Int64
        do {
            received = try await receive(chunks, upTo: session.pointer.size - offset) { bytes, place in
                // Who sends it in one go has it hashed on the way; for others that is done at the end.
                if offset == 0 {
                    try file.append(bytes)
                } else {
                    try file.write(bytes, at: offset + place)
                }
                promise.keep(Int64(bytes.count))
            }
        } catch let error as HubError where error.code == .storageFull {
            try? await workers.run { file.discard() }
            throw error
        }
        if offset + received == session.pointer.size { try await publish(file, of: session) }
        return offset + received
    }

    /// Writes one part to its place. It is hashed with the others when all are there, and not by itself as well.
    /// - Throws: `HubError`: `unprocessable` for a part that there is not or that has another size, `storageFull`;
    ///   `conflict` while the parts are being put together.
    func write(
        part number: Int, of session: UploadSession, from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws {
        guard let range = session.layout?.range(of: number) else {
            throw HubError(.unprocessable, "The object \(session.pointer.oid) has no part \(number).")
        }
        let path = directory.uploadPath(session)
        let length = range.upperBound - range.lowerBound
        let promise = try promise(of: length)
        defer { promise.end() }
        let file = try await workers.run { [self] in
            // A place beyond the end of the disk is none, however small the part.
            if try PosixFile.size(of: path) == nil { try checkSpace(for: session.pointer.size) }
            guard let file = try BlobFile.openOrCreate(at: path, isShared: true) else { throw Self.busy(session) }
            return file
        }
        defer { file.unlock() }
        let received: Int64
        do {
            received = try await receive(chunks, upTo: length) { bytes, place in
                try file.write(bytes, at: range.lowerBound + place)
                promise.keep(Int64(bytes.count))
            }
        } catch let error as HubError where error.code == .storageFull {
            try? await workers.run { file.discard() }
            throw error
        }
        guard received == length else {
            throw HubError(.unprocessable, "Part \(number) has \(received) bytes, not \(length).")
        }
        // Another part may have filled the disk meanwhile, and taken this one with it.
        guard file.isAtItsPath else { throw Self.busy(session) }
    }

    /// Puts the parts together: hashes what is in their places, and publishes it.
    /// - Throws: `HubError`: `unprocessable` when the end is missing, or when the digest is another, and everything is
    ///   gone then; `conflict` while parts are still being written.
    func complete(_ session: UploadSession) async throws {
        let path = directory.uploadPath(session)
        let file = try await workers.run {
            guard try PosixFile.size(of: path) == session.pointer.size else {
                throw HubError(
                    .unprocessable, "Parts of the object \(session.pointer.oid) are missing.",
                    remedy: "Send them, or ask the batch API again.")
            }
            guard let file = try BlobFile.openOrCreate(at: path) else { throw Self.busy(session) }
            return file
        }
        defer { file.unlock() }
        try await publish(file, of: session)
    }

    /// Hashes what is not hashed yet, compares and publishes.
    private func publish(_ file: BlobFile, of session: UploadSession) async throws {
        let directory = directory
        while try await workers.run({ try file.hashExisting(limit: Self.slice) }) { try Task.checkCancellation() }
        try await workers.run {
            let digest = file.digest
            guard file.count == session.pointer.size, digest == session.pointer.oid else {
                file.discard()
                throw HubError(
                    .unprocessable,
                    "The \(file.count) bytes that came have the SHA-256 \(digest), not \(session.pointer.oid).")
            }
            try directory.publish(file, as: digest)
        }
    }

    /// Hands over a body in batches, each with its place in the body; what came before a failure too.
    /// - Returns: bytes that came.
    func receive(
        _ chunks: some AsyncSequence<[UInt8], any Error> & Sendable, upTo limit: Int64,
        _ write: @escaping @Sendable ([UInt8], Int64) throws -> Void
    ) async throws -> Int64 {
        var place: Int64 = 0
        var batch: [UInt8] = []
        func flush() async throws {
            let (bytes, start) = (batch, place)
            batch = []
            guard !bytes.isEmpty else { return }
            try await workers.run { try write(bytes, start) }
            place += Int64(bytes.count)
        }
        do {
            for try await chunk in chunks {
                guard Int64(chunk.count) <= limit - place - Int64(batch.count) else {
                    throw HubError(.unprocessable, "The body has more than the \(limit) bytes that are missing.")
                }
                Self.gather(chunk, in: &batch)
                if batch.count >= Self.batch { try await flush() }
            }
        } catch {
            try? await flush()
            throw error
        }
        try await flush()
        return place
    }

    /// Clients try again after a 503, which is right: whoever is at it is often their own connection that broke.
    private static func busy(_ session: UploadSession) -> HubError {
        HubError(
            .conflict, "The object \(session.pointer.oid) is being written by another request.", status: 503,
            retryAfter: 1)
    }
}
