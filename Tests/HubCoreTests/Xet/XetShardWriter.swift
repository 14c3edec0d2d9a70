@testable import HubCore

/// Writes shards, also such as no client would send.
enum XetShardWriter {
    private static let mark = Array("HFRepoMetaData\0".utf8)
    private static let magic: [UInt8] = [
        0x55, 0x69, 0x67, 0x45, 0x6a, 0x7b, 0x81, 0x57, 0x83, 0xa5, 0xbd, 0xd9, 0x5c, 0xcd, 0xd1, 0x4a, 0xa9,
    ]
    private static let bookend = [UInt8](repeating: 0xFF, count: 32) + [UInt8](repeating: 0, count: 16)

    /// A shard of these files. A file's SHA-256 and verification hashes are written where it has them.
    static func shard(of files: [ShardFile]) -> [UInt8] {
        var bytes = mark + magic + XetFixtures.littleEndian(UInt64(2)) + XetFixtures.littleEndian(UInt64(0))
        for file in files {
            let isProved = file.terms.allSatisfy { $0.verification != nil } && !file.terms.isEmpty
            var flags: UInt32 = isProved ? 1 << 31 : 0
            if file.sha256 != nil { flags |= 1 << 30 }
            bytes += file.hash.bytes + XetFixtures.littleEndian(flags)
            bytes += XetFixtures.littleEndian(UInt32(file.terms.count)) + [UInt8](repeating: 0, count: 8)
            for term in file.terms {
                bytes += term.xorb.bytes + XetFixtures.littleEndian(UInt32(0))
                bytes += XetFixtures.littleEndian(UInt32(term.contentBytes))
                bytes += XetFixtures.littleEndian(UInt32(term.chunks.lowerBound))
                bytes += XetFixtures.littleEndian(UInt32(term.chunks.upperBound))
            }
            if isProved {
                for term in file.terms { bytes += (term.verification?.bytes ?? []) + [UInt8](repeating: 0, count: 16) }
            }
            if let digest = file.sha256.flatMap({ XetHash($0.hex) }) {
                bytes += digest.bytes + [UInt8](repeating: 0, count: 16)
            }
        }
        return bytes + bookend + bookend
    }

    /// A file that is all of a xorb.
    /// - Parameters:
    ///   - isProved: whether its author shows that he knows the chunks.
    ///   - sha256: what he says of its bytes.
    static func file(of index: XorbIndex, isProved: Bool = true, sha256: BlobID?) -> ShardFile {
        var tree = XetMerkleTree()
        for chunk in index.chunks { tree.append(chunk.hash, bytes: chunk.contentBytes) }
        let term = ShardTerm(
            xorb: index.hash, chunks: 0..<index.chunks.count, contentBytes: Int(index.contentBytes),
            verification: isProved ? XetHash(termOf: index.chunks.map(\.hash)) : nil)
        return ShardFile(hash: tree.fileHash, terms: [term], sha256: sha256)
    }

    static func index(of xorb: [UInt8]) throws -> XorbIndex {
        var reader = XorbReader()
        reader.append(xorb)
        return try reader.finish()
    }
}
