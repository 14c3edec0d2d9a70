package import HubCore

/// The blob store as downloads see it: where there is no room for one, what may go is asked to make some first.
package struct RoomMakingBlobs: BlobStore {
    let base: FileBlobStore
    let retention: Retention

    /// Others may take the room that was made: so often it is made again.
    private static let attempts = 3

    package init(base: FileBlobStore, retention: Retention) {
        self.base = base
        self.retention = retention
    }

    package func partial(_ id: BlobID, size: Int64) async throws -> PartialBlob {
        var attempt = 0
        while true {
            do {
                let partial = try await base.partial(id, size: size)
                retention.noteDownload(of: id, size: size)
                return partial
            } catch let error as HubError where error.code == .storageFull {
                attempt += 1
                guard attempt <= Self.attempts else { throw error }
                try await retention.makeRoom(for: id, size: size, refusal: error)
            }
        }
    }

    package func open(_ id: BlobID) async throws -> BlobReader? { try await base.open(id) }

    package func size(of id: BlobID) async throws -> Int64? { try await base.size(of: id) }

    package func store(
        _ id: BlobID?, size: Int64?, from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws -> (id: BlobID, size: Int64) { try await base.store(id, size: size, from: chunks) }

    package func store(fileAt path: String, expecting id: BlobID?) async throws -> (id: BlobID, size: Int64) {
        try await base.store(fileAt: path, expecting: id)
    }

    package func verify(_ id: BlobID) async throws -> Bool { try await base.verify(id) }

    package func quarantine(_ id: BlobID) async throws { try await base.quarantine(id) }

    @discardableResult
    package func remove(_ id: BlobID) async throws -> Int64? { try await base.remove(id) }

    package func allIDs() -> AsyncThrowingStream<BlobID, any Error> { base.allIDs() }

    @discardableResult
    package func reapIncoming(olderThan age: Duration) async throws -> Int {
        try await base.reapIncoming(olderThan: age)
    }
}
