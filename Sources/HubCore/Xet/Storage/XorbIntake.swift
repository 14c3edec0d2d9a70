/// A xorb that is being received: each chunk is verified before it is written.
///
/// `@unchecked Sendable`: its owner lets one job at a time use it. Holds one piece and less than a chunk.
final class XorbIntake: @unchecked Sendable {
    private let file: BlobFile
    private var reader = XorbReader()
    /// Bytes that are not known to be whole chunks yet.
    private var pending: [UInt8] = []
    /// Bytes of the chunks written so far.
    private var written: Int64 = 0

    init(file: BlobFile) { self.file = file }

    /// Takes the next bytes of the body.
    /// - Throws: `bad-request`, `unprocessable`, `payload-too-large`, `storageFull`.
    func take(_ bytes: [UInt8]) throws {
        reader.append(bytes)
        pending += bytes
        var end = written
        while let (chunk, _) = try reader.next() { end = chunk.offset + Int64(chunk.storedBytes) }
        let count = Int(end - written)
        guard count > 0 else { return }
        try file.append(Array(pending.prefix(count)))
        pending.removeFirst(count)
        written = end
    }

    /// Checks the name and publishes the xorb. A footer that the client sent is left out.
    /// - Throws: `bad-request`, `unprocessable` when its chunks have another name, `storageFull`.
    func finish(as name: XetHash, in directory: XorbDirectory) throws -> XorbIndex {
        let index = try reader.finish()
        try index.verify(name)
        try file.append(XorbFooter.encode(index))
        try directory.publish(file, as: name)
        return index
    }

    /// Removes what was written.
    func discard() { file.discard() }
}
