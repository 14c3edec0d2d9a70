/// A run of chunks of one xorb that is a part of a file.
package struct ShardTerm: Hashable, Sendable {
    package let xorb: XetHash
    /// Which chunks of it; never empty.
    package let chunks: Range<Int>
    /// Bytes of them, uncompressed.
    package let contentBytes: Int
    /// Shows that the client knows the chunks; nil when the shard has none.
    package let verification: XetHash?

    package init(xorb: XetHash, chunks: Range<Int>, contentBytes: Int, verification: XetHash?) {
        self.xorb = xorb
        self.chunks = chunks
        self.contentBytes = contentBytes
        self.verification = verification
    }
}
