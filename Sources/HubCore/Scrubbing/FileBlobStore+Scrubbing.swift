/// What reading a stored blob to its end found.
package enum BlobCheck: Sendable, Hashable {
    case good(bytes: Int64)
    /// Its bytes are not those of its name, or the disk does not give them.
    case damaged(bytes: Int64, reason: String)
    /// It is not stored.
    case absent
}

extension FileBlobStore {
    /// Reads a stored blob at a pace and compares its digest.
    /// - Throws: `CancellationError`.
    package func check(_ id: BlobID, pace: ScrubPace) async throws -> BlobCheck {
        let file: OpenFile
        do {
            guard let found = try openFile(id) else { return .absent }
            file = found
        } catch let error as HubError {
            return .damaged(bytes: 0, reason: error.message)
        }
        let hashing = BlobHashing(file)
        do {
            while try await workers.run({ try hashing.next(ScrubPace.slice) }) {
                try await pace.spend(ScrubPace.slice)
            }
        } catch let error as HubError where error.code == .storageCorrupt {
            // A sector that cannot be read is as good as a wrong one.
            return .damaged(bytes: file.size, reason: error.message)
        }
        try await pace.spend(file.size % ScrubPace.slice)
        return hashing.digest == id
            ? .good(bytes: file.size) : .damaged(bytes: file.size, reason: "The bytes do not match the digest.")
    }
}
