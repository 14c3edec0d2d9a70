/// How much a xorb may hold. The defaults are what Xet's client keeps to when it writes one.
package struct XorbLimits: Hashable, Sendable {
    /// The most chunks.
    package var chunks: Int
    /// The most bytes of a chunk, uncompressed.
    package var chunkBytes: Int
    /// The most bytes of all chunks as stored. The client counts 64 MiB without the chunks' headers, so these are added.
    package var storedBytes: Int64

    package init(chunks: Int = 8192, chunkBytes: Int = 128 << 10, storedBytes: Int64? = nil) {
        self.chunks = chunks
        self.chunkBytes = chunkBytes
        self.storedBytes = storedBytes ?? 64 << 20 + Int64(chunks * XorbChunkHeader.byteCount)
    }

    /// The most bytes of a footer: 40 for each chunk and a little more, with room for what later versions may add.
    var footerBytes: Int64 { 4096 + Int64(chunks) * 64 }
}
