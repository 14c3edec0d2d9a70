/// The bytes of a file that a shard describes, read from stored xorbs: about 1 MiB at a time, every chunk verified.
struct ShardContent: AsyncSequence, Sendable {
    let terms: [ShardTerm]
    let xorbs: XorbStore
    let progress: XetProgress

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(terms: terms[...], xorbs: xorbs, progress: progress) }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var terms: ArraySlice<ShardTerm>
        fileprivate let xorbs: XorbStore
        fileprivate let progress: XetProgress
        private var xorb: XorbFile?
        /// The next chunk of the first of `terms`, once it was begun.
        private var chunk: Int?

        fileprivate init(terms: ArraySlice<ShardTerm>, xorbs: XorbStore, progress: XetProgress) {
            self.terms = terms
            self.xorbs = xorbs
            self.progress = progress
        }

        /// - Throws: `storage-corrupt`, or `bad-request` for a xorb that is gone.
        mutating func next() async throws -> [UInt8]? {
            guard let term = terms.first else { return nil }
            try Task.checkCancellation()
            let open = try await open(term)
            let (bytes, next) = try await xorbs.content(
                of: open, from: chunk ?? term.chunks.lowerBound, before: term.chunks.upperBound)
            progress.add(Int64(bytes.count))
            chunk = next
            if next == term.chunks.upperBound {
                terms.removeFirst()
                chunk = nil
            }
            return bytes
        }

        private mutating func open(_ term: ShardTerm) async throws -> XorbFile {
            if let xorb, xorb.index.hash == term.xorb { return xorb }
            guard let opened = try await xorbs.open(term.xorb) else {
                throw HubError(.storageCorrupt, "The xorb \(term.xorb) is not stored any more.")
            }
            xorb = opened
            return opened
        }
    }
}
