/// How a file is put together from xorbs, as a client declares it in a shard.
package struct ShardFile: Hashable, Sendable {
    /// The file's name in Xet.
    package let hash: XetHash
    /// Its parts, in order. A file without bytes has none.
    package let terms: [ShardTerm]
    /// The SHA-256 of its bytes, when the shard says it; the client's word.
    package let sha256: BlobID?

    package init(hash: XetHash, terms: [ShardTerm], sha256: BlobID?) {
        self.hash = hash
        self.terms = terms
        self.sha256 = sha256
    }

    /// Bytes of the file.
    package var contentBytes: Int64 { terms.reduce(0) { $0 + Int64($1.contentBytes) } }

    /// Checks that the terms name chunks that are there, that the client knows these chunks, and that they make up a
    /// file of this name. It does not read any of the chunks' bytes. Linear in the chunks.
    /// - Parameter index: what a stored xorb holds; nil when there is no such xorb, or the client may not see it.
    /// - Throws: `bad-request` when a xorb or chunk is missing, `unprocessable` when hashes or lengths do not agree,
    ///   and what `index` throws.
    package func verify(_ index: (XetHash) throws -> XorbIndex?) throws {
        var tree = XetMerkleTree()
        for (number, term) in terms.enumerated() {
            guard let xorb = try index(term.xorb) else {
                throw HubError(
                    .badRequest, "Term \(number) of file \(hash) names xorb \(term.xorb), which is not stored here.",
                    remedy: "Upload the xorb before the shard.")
            }
            guard let chunks = xorb.chunks(in: term.chunks) else {
                throw HubError(
                    .badRequest,
                    "Term \(number) of file \(hash) names chunks \(term.chunks) of xorb \(term.xorb), "
                        + "which has \(xorb.chunks.count).")
            }
            let bytes = chunks.reduce(0) { $0 + $1.contentBytes }
            guard bytes == term.contentBytes else {
                throw HubError(
                    .unprocessable,
                    "Term \(number) of file \(hash) says \(term.contentBytes) bytes; its chunks have \(bytes).")
            }
            // Without it, whoever learns a xorb's name could read it by declaring a file made of it.
            guard term.verification == XetHash(termOf: chunks.lazy.map(\.hash)) else {
                throw HubError(
                    .unprocessable,
                    "Term \(number) of file \(hash) does not prove that its author has the chunks: "
                        + "its verification hash is \(term.verification == nil ? "missing" : "wrong").")
            }
            for chunk in chunks { tree.append(chunk.hash, bytes: chunk.contentBytes) }
        }
        guard tree.fileHash == hash else {
            throw HubError(.unprocessable, "The shard says file \(hash), but its terms make up \(tree.fileHash).")
        }
    }
}
