/// Walks over all stored blobs, holding the names of one of 256 parts at a time.
actor BlobListing {
    private let directory: BlobDirectory
    private let workers: BlobWorkers
    private var found: ArraySlice<BlobID> = []
    /// The first byte of the names to read next; nil at the end.
    private var prefix: UInt8? = 0

    init(directory: BlobDirectory, workers: BlobWorkers) {
        self.directory = directory
        self.workers = workers
    }

    /// The next blob; nil at the end.
    func next() async throws -> BlobID? {
        while found.isEmpty {
            guard let prefix else { return nil }
            try Task.checkCancellation()
            self.prefix = prefix == .max ? nil : prefix + 1
            let directory = directory
            found = try await workers.run { try directory.ids(beginningWith: prefix) }[...]
        }
        return found.popFirst()
    }
}
