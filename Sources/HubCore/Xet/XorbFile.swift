/// A stored xorb whose index is known: reads its chunks in any order. Calls block while the disk works.
package struct XorbFile: Sendable {
    package let file: OpenFile
    package let index: XorbIndex

    package init(file: OpenFile, index: XorbIndex) {
        self.file = file
        self.index = index
    }

    /// The bytes of one chunk, decompressed and verified.
    /// - Throws: `bad-request` when the xorb has no such chunk, `storage-corrupt` when the file is not what it was.
    package func content(of number: Int) throws -> [UInt8] {
        guard index.chunks.indices.contains(number) else {
            throw HubError(
                .badRequest, "Xorb \(index.hash) has \(index.chunks.count) chunks; number \(number) is none of them.")
        }
        let chunk = index.chunks[number]
        let stored = try file.read(at: chunk.offset, count: chunk.storedBytes)
        do {
            let content = try decode(stored, of: chunk)
            if XetHash(chunk: content) == chunk.hash { return content }
        } catch let error as HubError {
            throw corrupt(number, error.message)
        }
        throw corrupt(number, "Its bytes have another hash.")
    }

    private func decode(_ stored: [UInt8], of chunk: XorbChunk) throws -> [UInt8] {
        try stored.withUnsafeBytes { bytes in
            let limits = XorbLimits(chunkBytes: chunk.contentBytes)
            let header = try XorbChunkHeader(bytes, at: chunk.offset, limits: limits)
            let data = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(XorbChunkHeader.byteCount))
            guard data.count == header.storedBytes else {
                throw XetFailure.contradicts("xorb", at: chunk.offset, "a chunk has another length than before")
            }
            return try header.decode(data, at: chunk.offset + Int64(XorbChunkHeader.byteCount))
        }
    }

    private func corrupt(_ number: Int, _ what: String) -> HubError {
        HubError(.storageCorrupt, "Chunk \(number) of the stored xorb \(index.hash) is damaged. \(what)")
    }
}
