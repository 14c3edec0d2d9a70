/// How a client puts a range of a file together: which chunks of which xorbs, in order, and where they lie.
package struct XetReconstruction: Hashable, Sendable {
    /// A run of chunks.
    package struct Part: Hashable, Sendable {
        /// Which of the file's xorbs.
        package let number: Int
        package let xorb: XetHash
        package let chunks: Range<Int>
        /// The same as bytes of the file.
        package let content: Range<Int64>
        /// Where they lie in the xorb, in bytes.
        package let stored: Range<Int64>

        /// The chunk that has a byte of the file: its bytes in the file.
        /// - Parameter offset: within `content`.
        package func chunk(at offset: Int64) -> Range<Int64> {
            let before = (offset - content.lowerBound) / XetSlices.chunkBytes * XetSlices.chunkBytes
            let start = content.lowerBound + before
            return start..<min(start + XetSlices.chunkBytes, content.upperBound)
        }
    }

    /// Bytes of the first part that come before the range.
    package let skipped: Int64
    package let parts: [Part]
}
