/// What a client says of a xorb in a shard: the chunks in it. The hub knows better once it has the xorb itself.
package struct ShardXorb: Hashable, Sendable {
    package struct Chunk: Hashable, Sendable {
        package let hash: XetHash
        /// Bytes of it, uncompressed.
        package let contentBytes: Int
    }

    package let hash: XetHash
    package let chunks: [Chunk]
    /// Bytes of the xorb as the client stored it; 0 when it does not say.
    package let storedBytes: Int

    /// Bytes of all chunks, uncompressed.
    package var contentBytes: Int64 { chunks.reduce(0) { $0 + Int64($1.contentBytes) } }

    /// Checks that the chunks make up a xorb of this name.
    /// - Throws: `unprocessable`.
    package func verify() throws {
        var tree = XetMerkleTree()
        for chunk in chunks { tree.append(chunk.hash, bytes: chunk.contentBytes) }
        guard tree.xorbHash == hash else {
            throw HubError(.unprocessable, "The shard says xorb \(hash), but its chunks make up \(tree.xorbHash).")
        }
    }
}
