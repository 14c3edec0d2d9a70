extension XorbReader {
    /// Reads a whole xorb from a body as it arrives, and hands on each chunk.
    ///
    /// Decompresses and hashes where it is called, so not on an event loop.
    /// - Returns: what the xorb holds; its name is not compared yet.
    /// - Throws: `bad-request`, `unprocessable`, `payload-too-large`, and what `body` and `each` throw.
    package static func read<Body: AsyncSequence>(
        _ body: Body, limits: XorbLimits = XorbLimits(), isolation: isolated (any Actor)? = #isolation,
        each: (_ chunk: XorbChunk, _ bytes: [UInt8]) async throws -> Void = { _, _ in }
    ) async throws -> XorbIndex where Body.Element == [UInt8] {
        var reader = XorbReader(limits: limits)
        for try await bytes in body {
            reader.append(bytes)
            while let (chunk, content) = try reader.next() { try await each(chunk, content) }
        }
        return try reader.finish()
    }

    /// Reads a whole xorb from a file, and hands on each chunk. Blocks while the disk and the hash work.
    /// - Throws: as above, and `storage-corrupt` when the disk fails.
    package static func read(
        _ file: OpenFile, limits: XorbLimits = XorbLimits(),
        each: (_ chunk: XorbChunk, _ bytes: [UInt8]) throws -> Void = { _, _ in }
    ) throws -> XorbIndex {
        var reader = XorbReader(limits: limits)
        var offset: Int64 = 0
        while true {
            let bytes = try file.read(at: offset, count: 1 << 20)
            if bytes.isEmpty { return try reader.finish() }
            offset += Int64(bytes.count)
            reader.append(bytes)
            while let (chunk, content) = try reader.next() { try each(chunk, content) }
        }
    }
}
