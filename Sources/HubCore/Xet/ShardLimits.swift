/// How much a shard may hold. The defaults are what Xet's client keeps to when it writes one.
package struct ShardLimits: Hashable, Sendable {
    /// The most bytes. A shard's records are all that is ever held of it, so this bounds the memory as well.
    package var bytes: Int64
    /// What the xorbs it speaks of may hold.
    package var xorb: XorbLimits
    /// The most chunks in the terms of all files together. A term of 96 bytes costs a hash over up to 8192 chunks when
    /// it is verified, so the bytes alone do not bound the work. The default is enough for 1 TiB of usual chunks.
    package var termChunks: Int

    package init(bytes: Int64 = 64 << 20, xorb: XorbLimits = XorbLimits(), termChunks: Int = 1 << 24) {
        self.bytes = bytes
        self.xorb = xorb
        self.termChunks = termChunks
    }
}
