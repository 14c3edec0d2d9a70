/// A xorb of a shard whose records are being read.
struct PartialShardXorb: Sendable {
    private var hash = XetHash.zero
    private var chunkCount = 0
    private var declaredBytes: UInt64 = 0
    private var storedBytes = 0
    private var chunks: [ShardXorb.Chunk] = []
    private var bytes: UInt64 = 0

    init() {}

    /// Begins a xorb.
    /// - Parameters:
    ///   - offset: where the record is in the shard.
    ///   - room: how many records may follow at most.
    init(_ header: ShardRecord, at offset: Int64, room: Int64, limits: XorbLimits) throws {
        hash = header.hash
        chunkCount = Int(header.second)
        declaredBytes = UInt64(header.third)
        storedBytes = Int(header.fourth)
        guard chunkCount > 0, chunkCount <= limits.chunks else {
            throw XetFailure.malformed(
                "shard", at: offset, "a xorb of \(chunkCount) chunks; it may have 1 to \(limits.chunks)")
        }
        guard Int64(chunkCount) <= room else {
            throw XetFailure.tooLarge("shard", at: offset, "a xorb of \(chunkCount) chunks, for which it has no room")
        }
    }

    mutating func take(chunk: ShardRecord, at offset: Int64, limits: XorbLimits) throws {
        let (start, length) = (UInt64(chunk.first), UInt64(chunk.second))
        guard start == bytes else {
            throw XetFailure.malformed(
                "shard", at: offset, "a chunk starts at \(start), the ones before end at \(bytes)")
        }
        guard length > 0, length <= UInt64(limits.chunkBytes) else {
            throw XetFailure.malformed(
                "shard", at: offset, "a chunk of \(length) bytes; it may have 1 to \(limits.chunkBytes)")
        }
        bytes += length
        chunks.append(ShardXorb.Chunk(hash: chunk.hash, contentBytes: Int(length)))
        guard chunks.count < chunkCount || bytes == declaredBytes else {
            throw XetFailure.malformed(
                "shard", at: offset, "a xorb of \(declaredBytes) bytes, whose chunks have \(bytes)")
        }
    }

    /// The xorb, once all its chunks are there.
    var whole: ShardXorb? {
        guard chunks.count == chunkCount else { return nil }
        return ShardXorb(hash: hash, chunks: chunks, storedBytes: storedBytes)
    }
}
