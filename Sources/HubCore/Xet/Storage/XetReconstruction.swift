/// How a client puts a range of a file together: which chunks of which xorbs, in order, and where they lie.
package struct XetReconstruction: Hashable, Sendable {
    /// A run of chunks.
    package struct Part: Hashable, Sendable {
        package let xorb: XetHash
        package let chunks: Range<Int>
        /// Bytes of these chunks, uncompressed.
        package let contentBytes: Int
        /// Where they lie in the xorb, in bytes.
        package let stored: Range<Int64>
    }

    /// Bytes of the first part that come before the range.
    package let skipped: Int64
    package let parts: [Part]
}

extension XetService {
    /// The most parts of one answer; a client that wants more asks by ranges.
    static let maximumParts = 16_384

    /// Tells how a range of a repository's file is put together.
    /// - Parameters:
    ///   - range: picks the bytes, once it is told how many there are; nil when it wants none of them.
    ///   - repository: opened for reading.
    /// - Throws: `.blobNotFound` unless the file came by Xet and is the repository's; `.rangeNotSatisfiable`,
    ///   `.payloadTooLarge`, `.storageCorrupt`.
    package func reconstruction(
        of hash: XetHash, in repository: Repository, range: (_ size: Int64) -> Range<Int64>?
    ) async throws -> XetReconstruction {
        guard !repository.isMirror, let file = try await records.file(hash),
            try await gives(file.blob, in: repository),
            try await store.isProved(file.blob, for: repository)
        else { throw HubError(.blobNotFound, "There is no file \(hash) in \(repository.id).") }
        guard let wanted = range(file.size) else {
            throw HubError(.rangeNotSatisfiable, "The file \(hash) has \(file.size) bytes.")
        }
        let terms = try await records.terms(of: file, in: wanted, limit: Self.maximumParts + 1)
        guard terms.count <= Self.maximumParts else {
            throw HubError(
                .payloadTooLarge, "The range has more than \(Self.maximumParts) parts.", remedy: "Ask for less of it.")
        }
        var parts: [XetReconstruction.Part] = []
        var open: XorbFile?
        for term in terms {
            if open?.index.hash != term.xorb { open = try await xorbs.open(term.xorb) }
            guard let stored = open?.index.storedRange(of: term.chunks) else {
                throw HubError(.storageCorrupt, "A part of the file \(hash) is not stored any more.")
            }
            parts.append(
                XetReconstruction.Part(
                    xorb: term.xorb, chunks: term.chunks, contentBytes: term.contentBytes, stored: stored))
        }
        return XetReconstruction(skipped: wanted.lowerBound - (terms.first?.offset ?? wanted.lowerBound), parts: parts)
    }

    /// A stored xorb, for whoever holds a link that a reconstruction gave out.
    /// - Throws: `.blobNotFound`.
    package func openXorb(_ name: XetHash) async throws -> XorbFile {
        guard let file = try await xorbs.open(name) else {
            throw HubError(.blobNotFound, "There is no xorb \(name).")
        }
        return file
    }
}
