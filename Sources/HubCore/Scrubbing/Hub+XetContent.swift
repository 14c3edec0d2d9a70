extension Hub {
    /// The bytes of a blob that was uploaded by Xet, put together of its chunks again as they are asked for.
    /// - Returns: nil when it did not come by Xet, or not all of it is here.
    package func xetContent(of blob: BlobID, _ scrubs: ScrubStore) async throws
        -> AsyncThrowingStream<[UInt8], any Error>?
    {
        guard XorbStore.exists(at: directory.xet), let terms = try await scrubs.terms(of: blob), !terms.isEmpty else {
            return nil
        }
        let xorbs = try XorbStore(root: directory.xet)
        for name in Set(terms.map(\.xorb)) where try await xorbs.open(name) == nil { return nil }
        let reading = XetReading(xorbs: xorbs, terms: terms)
        return AsyncThrowingStream { try await reading.next() }
    }
}

/// Reads terms one batch of chunks after the other.
private actor XetReading {
    private let xorbs: XorbStore
    private var terms: ArraySlice<(xorb: XetHash, chunks: Range<Int>)>

    init(xorbs: XorbStore, terms: [(xorb: XetHash, chunks: Range<Int>)]) {
        self.xorbs = xorbs
        self.terms = terms[...]
    }

    func next() async throws -> [UInt8]? {
        while let (name, chunks) = terms.popFirst() {
            guard !chunks.isEmpty else { continue }
            guard let xorb = try await xorbs.open(name), chunks.upperBound <= xorb.index.chunks.count else {
                throw HubError(.storageCorrupt, "The xorb \(name) is not what it was.")
            }
            let (bytes, next) = try await xorbs.content(of: xorb, from: chunks.lowerBound, before: chunks.upperBound)
            if next < chunks.upperBound { terms.insert((name, next..<chunks.upperBound), at: terms.startIndex) }
            return bytes
        }
        return nil
    }
}
