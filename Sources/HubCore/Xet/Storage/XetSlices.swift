/// A blob in the form in which Xet's clients fetch files, without a copy of it in that form: cut into xorbs of equal
/// chunks, which are the blob's own bytes with a header before each chunk. So a blob can be fetched however it came,
/// before it is here as a whole, and when the xorbs it was uploaded in are gone.
///
/// Clients take a chunk for what its header says and check none of the names (xet-core, `deserialize_async.rs`), so
/// these need not be hashes of content, for which the whole blob would have to be read. They are hashes of the blob's
/// digest, and so name the same bytes everywhere. What is in the chunks was verified as the blob it is read from.
///
/// Arithmetic only: nothing here reads or waits.
package struct XetSlices: Hashable, Sendable {
    /// Bytes of content of a chunk; the most that clients take.
    package static let chunkBytes: Int64 = 128 << 10
    /// Chunks of a xorb: what clients fetch by one request and hold in memory as a whole.
    package static let xorbChunks = 128

    private static let xorbBytes = chunkBytes * Int64(xorbChunks)

    package let blob: BlobID
    /// Bytes of the blob.
    package let size: Int64

    package init(_ blob: BlobID, size: Int64) {
        self.blob = blob
        self.size = max(0, size)
    }

    /// The name in Xet of a blob that did not come by Xet: its digest.
    package static func fileName(of blob: BlobID) -> XetHash? { XetHash(blob.hex) }

    /// The blob that `fileName(of:)` named.
    package static func blob(named name: XetHash) -> BlobID? { BlobID(name.text) }

    /// The name of a xorb.
    /// - Parameter number: counted from the blob's beginning.
    package func name(of number: Int) -> XetHash {
        BLAKE3.hash(
            Array("weir xorb 1: \(number) of \(blob.hex), \(Self.xorbChunks) x \(Self.chunkBytes) bytes".utf8))
    }

    /// A run of chunks of a xorb; nil when the blob has no such chunks.
    package func part(_ number: Int, _ chunks: Range<Int>) -> XetReconstruction.Part? {
        guard number >= 0, Int64(number) <= size / Self.xorbBytes, chunks.lowerBound >= 0, !chunks.isEmpty,
            chunks.upperBound <= Self.xorbChunks
        else { return nil }
        let start = Int64(number) * Self.xorbBytes
        let first = start + Int64(chunks.lowerBound) * Self.chunkBytes
        let last = start + Int64(chunks.upperBound - 1) * Self.chunkBytes
        guard last < size else { return nil }
        let content = first..<min(size, last + Self.chunkBytes)
        let stored = first - start + Int64(chunks.lowerBound * XorbChunkHeader.byteCount)
        let length = content.upperBound - content.lowerBound + Int64(chunks.count * XorbChunkHeader.byteCount)
        return XetReconstruction.Part(
            number: number, xorb: name(of: number), chunks: chunks, content: content,
            stored: stored..<(stored + length))
    }

    /// Bytes of a xorb.
    package func storedBytes(of number: Int) -> Int64 {
        let content = max(0, min(size - Int64(number) * Self.xorbBytes, Self.xorbBytes))
        let chunks = (content + Self.chunkBytes - 1) / Self.chunkBytes
        return content + chunks * Int64(XorbChunkHeader.byteCount)
    }

    /// How clients put a range of the blob together.
    /// - Parameters:
    ///   - range: within the blob.
    ///   - limit: the most parts.
    /// - Throws: `.payloadTooLarge`.
    package func reconstruction(of range: Range<Int64>, limit: Int) throws -> XetReconstruction {
        let wanted = range.clamped(to: 0..<size)
        guard !wanted.isEmpty else { return XetReconstruction(skipped: 0, parts: []) }
        let first = wanted.lowerBound / Self.chunkBytes
        let end = (wanted.upperBound - 1) / Self.chunkBytes + 1
        let perXorb = Int64(Self.xorbChunks)
        let numbers = (first / perXorb)...((end - 1) / perXorb)
        guard numbers.upperBound - numbers.lowerBound < limit else {
            throw HubError(
                .payloadTooLarge, "The range has more than \(limit) parts.", remedy: "Ask for less of it.")
        }
        var parts: [XetReconstruction.Part] = []
        for number in numbers {
            let start = number * perXorb
            let chunks = Int(max(first, start) - start)..<Int(min(end, start + perXorb) - start)
            if let part = part(Int(number), chunks) { parts.append(part) }
        }
        return XetReconstruction(skipped: wanted.lowerBound - first * Self.chunkBytes, parts: parts)
    }
}
