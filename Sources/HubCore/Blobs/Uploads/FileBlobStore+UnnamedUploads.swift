import Foundation

// Uploads in pieces that are named by what came.
extension FileBlobStore {
    /// How far an upload got.
    func state(of upload: UnnamedUpload) throws -> UnnamedUpload.State {
        if let id = try storedName(of: upload) { return .stored(id) }
        return .arriving(min(upload.size, try PosixFile.size(of: directory.uploadPath(upload)) ?? 0))
    }

    /// Takes the next piece. What came before a failure stays for the next attempt; on a full disk everything goes.
    /// - Returns: bytes that are there now.
    /// - Throws: `HubError`: `conflict` when it stands at another offset or somebody else is writing it; `unprocessable` for
    ///   too many bytes; `storageFull`.
    func append(
        to upload: UnnamedUpload, at offset: Int64, from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws -> Int64 {
        let path = directory.uploadPath(upload)
        let promise = try promise(of: upload.size - offset)
        defer { promise.end() }
        let file = try await workers.run { [self] in
            guard let file = try BlobFile.openOrCreate(at: path) else { throw Self.busy(upload) }
            let length = try file.length()
            guard offset == length else {
                if length == 0 { file.discard() }
                throw HubError(.conflict, "The upload stands at offset \(length), not \(offset).")
            }
            try directory.checkWritable()
            return file
        }
        defer { file.unlock() }
        do {
            let received = try await receive(chunks, upTo: upload.size - offset) { bytes, place in
                try file.write(bytes, at: offset + place)
                promise.keep(Int64(bytes.count))
            }
            return offset + received
        } catch let error as HubError where error.code == .storageFull {
            try? await workers.run { file.discard() }
            throw error
        }
    }

    /// Hashes an upload of which all bytes came and publishes it under the name they deserve.
    /// - Parameter check: refuses a name.
    /// - Throws: `HubError`: `unprocessable` when bytes are missing, or what `check` throws.
    func settle(_ upload: UnnamedUpload, _ check: (BlobID) async throws -> Void) async throws -> BlobID {
        if let id = try storedName(of: upload) { return id }
        let path = directory.uploadPath(upload)
        let directory = directory
        let file = try await workers.run {
            if upload.size > 0, try PosixFile.size(of: path) != upload.size {
                throw HubError(
                    .unprocessable, "Bytes of the upload are missing.", remedy: "Send the file once more.")
            }
            guard let file = try BlobFile.openOrCreate(at: path) else { throw Self.busy(upload) }
            return file
        }
        defer { file.unlock() }
        while try await workers.run({ try file.hashExisting(limit: Self.slice) }) { try Task.checkCancellation() }
        let id = file.digest
        try await check(id)
        try await workers.run {
            // First what it is called: whoever asks between the two finds no such blob, and no name either.
            let note = directory.namePath(upload)
            try PosixFile.remove(note)
            try BlobFile.create(at: note).append(Array(id.hex.utf8))
            try directory.publish(file, as: id)
        }
        return id
    }

    /// The bytes of an upload that all came and was not published.
    /// - Throws: `HubError`: `unprocessable` when bytes are missing.
    func bytes(of upload: UnnamedUpload) async throws -> [UInt8] {
        let path = directory.uploadPath(upload)
        return try await workers.run {
            let data = FileManager.default.contents(atPath: path) ?? Data()
            guard Int64(data.count) == upload.size else {
                throw HubError(
                    .unprocessable, "Bytes of the upload are missing.", remedy: "Send the file once more.")
            }
            return Array(data)
        }
    }

    /// Forgets what came of an upload; what was published stays.
    func discard(_ upload: UnnamedUpload) async throws {
        let directory = directory
        try await workers.run {
            try PosixFile.remove(directory.namePath(upload))
            guard let file = try BlobFile.openOrCreate(at: directory.uploadPath(upload)) else { return }
            file.discard()
        }
    }

    /// What an upload was published as; nil when it was not, or the blob is gone.
    private func storedName(of upload: UnnamedUpload) throws -> BlobID? {
        guard let note = FileManager.default.contents(atPath: directory.namePath(upload)),
            let id = BlobID(String(decoding: note, as: UTF8.self)), try directory.size(of: id) == upload.size
        else { return nil }
        return id
    }

    private static func busy(_ upload: UnnamedUpload) -> HubError {
        HubError(
            .conflict, "The upload is being written by another request.", status: 503, retryAfter: 1)
    }
}

extension BlobDirectory {
    func uploadPath(_ upload: UnnamedUpload) -> String { uploadPath(named: upload.name) }
    /// Where it is written what an upload was published as.
    func namePath(_ upload: UnnamedUpload) -> String { uploadPath(named: upload.name + ".name") }
}
