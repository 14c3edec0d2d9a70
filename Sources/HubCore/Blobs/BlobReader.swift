/// Tells a reader of a growing file how far it may read.
package protocol BlobFollowing: Sendable {
    /// Suspends until more than `offset` bytes may be released to readers.
    ///
    /// The last bytes are held back until the digest has matched, so nobody completes on unverified bytes.
    /// - Returns: how many bytes from the start may be read; the size of the blob once it is verified.
    /// - Throws: the `HubError` with which the writer failed, or `CancellationError`.
    func released(past offset: Int64) async throws -> Int64
}

/// A blob open for reading.
package struct BlobReader: Sendable {
    package let id: BlobID
    package let file: OpenFile
    /// Bytes of the whole blob, also while they are still arriving.
    package let size: Int64
    /// How to wait for bytes that are still arriving; nil when all are there and verified.
    package let following: (any BlobFollowing)?

    package init(id: BlobID, file: OpenFile, size: Int64, following: (any BlobFollowing)?) {
        self.id = id
        self.file = file
        self.size = size
        self.following = following
    }

    /// Whether all bytes are there and verified.
    package var isComplete: Bool { following == nil }
}
