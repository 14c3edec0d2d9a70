/// Where blobs are: written once under the SHA-256 of their bytes, durable before anybody is told, never rewritten.
package protocol BlobStore: Sendable {
    /// Opens a stored blob; nil when it is not stored. A blob that is still arriving is not.
    func open(_ id: BlobID) async throws -> BlobReader?

    /// Bytes of a stored blob; nil when it is not stored.
    func size(of id: BlobID) async throws -> Int64?

    /// Begins or resumes the download of a blob of `size` bytes. Bytes that an earlier attempt left are hashed again.
    /// - Throws: `HubError`: `conflict` when somebody else is writing it, here or in another process, or when it is
    ///   stored already; `storageFull` when there is no room for it.
    func partial(_ id: BlobID, size: Int64) async throws -> PartialBlob

    /// Stores a whole body. Its digest is computed from what arrived, also when the blob is stored already.
    /// - Parameters:
    ///   - id: what the digest has to be, when that is known.
    ///   - size: bytes there have to be, when that is known.
    /// - Returns: once the blob is durable.
    /// - Throws: `HubError`: `unprocessable` when the digest or size is another, `storageFull`; or what `chunks` throws.
    func store(
        _ id: BlobID?, size: Int64?, from chunks: some AsyncSequence<[UInt8], any Error> & Sendable
    ) async throws -> (id: BlobID, size: Int64)

    /// Stores a copy of a regular file; the two share their blocks where the file system can do that.
    /// - Throws: as `store(_:size:from:)`; `notFound` when there is no such file.
    func store(fileAt path: String, expecting id: BlobID?) async throws -> (id: BlobID, size: Int64)

    /// Reads a stored blob and compares its digest.
    /// - Returns: false when its bytes are not those of its name.
    /// - Throws: `HubError`: `blobNotFound`.
    func verify(_ id: BlobID) async throws -> Bool

    /// Takes a damaged blob out of the store, so that the right bytes can be stored again.
    func quarantine(_ id: BlobID) async throws

    /// Removes a blob that nothing links to any more. Who reads it now can read on.
    /// - Returns: bytes that it had; nil when it was not stored.
    @discardableResult
    func remove(_ id: BlobID) async throws -> Int64?

    /// Every stored blob, in order of its id, as it is found on the way.
    func allIDs() -> AsyncThrowingStream<BlobID, any Error>

    /// Removes what interrupted writes left behind, unless somebody is writing it now.
    /// - Parameter age: how long ago it was last written at least.
    /// - Returns: the number of files removed.
    @discardableResult
    func reapIncoming(olderThan age: Duration) async throws -> Int
}
