/// How much a shard may hold. The defaults are what Xet's client keeps to when it writes one.
package struct ShardLimits: Hashable, Sendable {
    /// The most bytes. A shard's records are all that is ever held of it, so this bounds the memory as well.
    package var bytes: Int64
    /// What the xorbs it speaks of may hold.
    package var xorb: XorbLimits

    package init(bytes: Int64 = 64 << 20, xorb: XorbLimits = XorbLimits()) {
        self.bytes = bytes
        self.xorb = xorb
    }
}
