/// A file of a shard whose records are being read.
struct PartialShardFile: Sendable {
    private static let verificationFlag: UInt32 = 1 << 31
    private static let metadataFlag: UInt32 = 1 << 30

    private var hash = XetHash.zero
    private var flags: UInt32 = 0
    private var termCount = 0
    private var terms: [Term] = []
    private var verifications: [XetHash] = []
    private var sha256: BlobID?

    private struct Term {
        let xorb: XetHash
        let chunks: Range<Int>
        let bytes: Int
    }

    init() {}

    /// Begins a file.
    /// - Parameters:
    ///   - offset: where the record is in the shard.
    ///   - room: how many records may follow at most.
    init(_ header: ShardRecord, at offset: Int64, room: Int64) throws {
        hash = header.hash
        flags = header.first
        termCount = Int(header.second)
        let records =
            Int64(termCount) * (flags & Self.verificationFlag == 0 ? 1 : 2) + (flags & Self.metadataFlag == 0 ? 0 : 1)
        guard records <= room else {
            throw XetFailure.tooLarge("shard", at: offset, "a file with \(termCount) terms, for which it has no room")
        }
    }

    var isTermExpected: Bool { terms.count < termCount }
    var hasVerification: Bool { flags & Self.verificationFlag != 0 }
    var hasMetadata: Bool { flags & Self.metadataFlag != 0 }
    var isVerificationExpected: Bool { verifications.count < termCount }

    /// Adds a term.
    /// - Returns: how many chunks it has.
    mutating func take(term: ShardRecord, at offset: Int64, limits: XorbLimits) throws -> Int {
        let bytes = Int(term.second)
        let (start, end) = (Int(term.third), Int(term.fourth))
        guard start < end, end <= limits.chunks else {
            throw XetFailure.malformed(
                "shard", at: offset, "a term of chunks \(start) to \(end); a xorb has at most \(limits.chunks)")
        }
        guard bytes > 0, bytes <= (end - start) * limits.chunkBytes else {
            throw XetFailure.malformed("shard", at: offset, "a term of \(end - start) chunks with \(bytes) bytes")
        }
        terms.append(Term(xorb: term.hash, chunks: start..<end, bytes: bytes))
        return end - start
    }

    mutating func take(verification: ShardRecord) { verifications.append(verification.hash) }

    /// The SHA-256 is stored so that its text in Xet's form is its usual text.
    mutating func take(metadata: ShardRecord) { sha256 = BlobID(metadata.hash.text) }

    var whole: ShardFile {
        let checks = verifications.map(Optional.some) + Array(repeating: nil, count: terms.count - verifications.count)
        return ShardFile(
            hash: hash,
            terms: zip(terms, checks).map { term, check in
                ShardTerm(xorb: term.xorb, chunks: term.chunks, contentBytes: term.bytes, verification: check)
            },
            sha256: sha256)
    }
}
