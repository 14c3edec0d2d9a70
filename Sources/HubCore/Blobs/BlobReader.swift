/// Tells a reader of a growing file how far it may read.
package protocol BlobFollowing: Sendable {
    /// Suspends until more than `offset` bytes may be released to readers.
    ///
    /// The last bytes are held back until the digest has matched, so nobody completes on unverified bytes.
    /// - Returns: up to where may be read from `offset` on; the size of the blob once it is verified. What lies before
    ///   `offset` need not be there yet.
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
    /// Whether bytes that were never verified may have left under this name. Whoever holds the beginning of the blob
    /// may hold a wrong one, and must not be helped to complete it.
    package let isSuspect: Bool

    package init(
        id: BlobID, file: OpenFile, size: Int64, following: (any BlobFollowing)?, isSuspect: Bool = false
    ) {
        self.id = id
        self.file = file
        self.size = size
        self.following = following
        self.isSuspect = isSuspect
    }

    /// Whether all bytes are there and verified.
    package var isComplete: Bool { following == nil }

    /// Bytes at the end of every answer that wait for the digest of the whole blob.
    package static let withheld: Int64 = 64 << 10

    /// Suspends until more than `offset` bytes may leave in an answer of `range`, and tells how far they may.
    ///
    /// A part completes as little on unverified bytes as the whole does (law 4): the last bytes of any range of a blob
    /// that is still arriving wait for its digest, wherever in the blob the range ends.
    /// - Parameter offset: within `range`, and before its end.
    /// - Returns: an offset beyond `offset` and within `range`.
    /// - Throws: the `HubError` with which the writer failed, or `CancellationError`.
    package func released(past offset: Int64, within range: Range<Int64>) async throws -> Int64 {
        guard let following else { return range.upperBound }
        let free = range.upperBound - min(Self.withheld, range.upperBound - range.lowerBound)
        // Only a verified blob is released past its last byte but one.
        let mark = try await following.released(past: offset < free ? offset : size - 1)
        let end = offset < free ? min(mark, free) : min(mark, range.upperBound)
        guard end > offset else {
            throw HubError(.internalError, "The writer of a growing file released nothing new.")
        }
        return end
    }
}
