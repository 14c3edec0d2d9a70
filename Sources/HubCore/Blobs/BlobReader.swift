/// Tells a reader how far a file that is still being written may be read.
package protocol BlobFollowing: Sendable {
    /// Waits until more than `offset` bytes may be read and returns how many; throws when that will not happen.
    func released(past offset: Int64) async throws -> Int64
}

/// A blob opened for reading, complete or still growing.
package struct BlobReader: Sendable {
    package let id: BlobID
    package let file: OpenFile
    /// Bytes of the whole blob.
    package let size: Int64
    /// Set while the blob is still arriving.
    package let following: (any BlobFollowing)?

    package init(id: BlobID, file: OpenFile, size: Int64, following: (any BlobFollowing)?) {
        self.id = id
        self.file = file
        self.size = size
        self.following = following
    }
}
