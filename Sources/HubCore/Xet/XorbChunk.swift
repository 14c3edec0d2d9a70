/// A chunk of a xorb: its name, and where it is.
package struct XorbChunk: Hashable, Sendable {
    package let hash: XetHash
    /// Where its header begins in the xorb, in bytes.
    package let offset: Int64
    /// Bytes in the xorb, with the header.
    package let storedBytes: Int
    /// Bytes of the chunk itself.
    package let contentBytes: Int

    package init(hash: XetHash, offset: Int64, storedBytes: Int, contentBytes: Int) {
        self.hash = hash
        self.offset = offset
        self.storedBytes = storedBytes
        self.contentBytes = contentBytes
    }
}
