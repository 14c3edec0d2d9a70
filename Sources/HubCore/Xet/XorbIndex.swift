/// What is in a xorb: its chunks in order, their names and places, and by them its own name.
package struct XorbIndex: Hashable, Sendable {
    package let chunks: [XorbChunk]
    /// The name that the chunks deserve.
    package let hash: XetHash
    /// Bytes of all chunks as stored; a footer begins behind them.
    package let storedBytes: Int64
    /// Bytes of the footer that older clients append; usually 0. Nothing in it is needed, so it need not be stored.
    package let footerBytes: Int64

    /// Takes over what a reader found out before.
    package init(chunks: [XorbChunk], hash: XetHash, storedBytes: Int64, footerBytes: Int64 = 0) {
        self.chunks = chunks
        self.hash = hash
        self.storedBytes = storedBytes
        self.footerBytes = footerBytes
    }

    /// Bytes of all chunks uncompressed.
    package var contentBytes: Int64 { chunks.reduce(0) { $0 + Int64($1.contentBytes) } }

    /// - Throws: `unprocessable` unless the xorb has this name.
    package func verify(_ name: XetHash) throws {
        guard hash == name else {
            throw HubError(
                .unprocessable, "The xorb was sent as \(name), but its chunks make it \(hash).",
                remedy: "Send it again; it was changed on its way or made by a broken client.")
        }
    }

    /// The chunks of a range; nil when the xorb does not have them all, or the range is empty.
    package func chunks(in range: Range<Int>) -> ArraySlice<XorbChunk>? {
        guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= chunks.count else { return nil }
        return chunks[range]
    }
}
