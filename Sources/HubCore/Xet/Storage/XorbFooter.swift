/// What stands behind the chunks of a stored xorb: its index, so that reading a chunk needs no look at the others.
///
/// A record of 40 bytes for each chunk (hash, bytes as stored, bytes of content), then 16 bytes: a mark, the number of
/// records, zeros. All integers least significant byte first. It becomes durable with the chunks, in one file.
enum XorbFooter {
    static let recordBytes = 40
    static let tailBytes = 16
    private static let mark = Array("weirxrb1".utf8)

    static func encode(_ index: XorbIndex) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(index.chunks.count * recordBytes + tailBytes)
        for chunk in index.chunks {
            bytes += chunk.hash.bytes
            bytes += integer(chunk.storedBytes)
            bytes += integer(chunk.contentBytes)
        }
        return bytes + mark + integer(index.chunks.count) + [0, 0, 0, 0]
    }

    /// How many chunks a stored xorb has.
    /// - Throws: `storage-corrupt` when the file does not end like one.
    static func chunkCount(of file: OpenFile, named name: XetHash) throws -> Int {
        let tail = try file.read(at: file.size - Int64(tailBytes), count: tailBytes)
        guard tail.count == tailBytes, tail.starts(with: mark) else { throw damaged(name) }
        let count = integer(tail[8..<12])
        guard count > 0, Int64(count) * Int64(recordBytes) + Int64(tailBytes) < file.size else { throw damaged(name) }
        return count
    }

    /// The index of a stored xorb. Its hashes must make up the xorb's name.
    /// - Throws: `storage-corrupt` when they do not.
    static func index(of file: OpenFile, named name: XetHash) throws -> XorbIndex {
        let count = try chunkCount(of: file, named: name)
        let start = file.size - Int64(count * recordBytes + tailBytes)
        let bytes = try file.read(at: start, count: count * recordBytes)
        guard bytes.count == count * recordBytes else { throw damaged(name) }
        var chunks: [XorbChunk] = []
        chunks.reserveCapacity(count)
        var tree = XetMerkleTree()
        var offset: Int64 = 0
        for record in stride(from: 0, to: bytes.count, by: recordBytes) {
            guard let hash = XetHash(bytes: bytes[record..<(record + 32)]) else { throw damaged(name) }
            let stored = integer(bytes[(record + 32)..<(record + 36)])
            let content = integer(bytes[(record + 36)..<(record + 40)])
            chunks.append(XorbChunk(hash: hash, offset: offset, storedBytes: stored, contentBytes: content))
            tree.append(hash, bytes: content)
            offset += Int64(stored)
        }
        guard offset == start, tree.xorbHash == name else { throw damaged(name) }
        return XorbIndex(chunks: chunks, hash: name, storedBytes: offset)
    }

    private static func integer(_ value: Int) -> [UInt8] {
        let value = UInt32(truncatingIfNeeded: value)
        return (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static func damaged(_ name: XetHash) -> HubError {
        HubError(.storageCorrupt, "The index of the stored xorb \(name) is damaged.")
    }
}
