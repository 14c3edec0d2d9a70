extension XetService {
    /// Reads a shard, and checks that the xorbs it names are stored.
    /// - Throws: `.badRequest` for what is no shard or names a xorb that is not stored, `.payloadTooLarge`, or what
    ///   `pieces` throws.
    package func readShard(
        from pieces: some AsyncSequence<[UInt8], any Error>, for repository: Repository
    ) async throws -> XetShard {
        try requireContribution(repository)
        let shard = XetShard(files: try await Self.files(of: pieces))
        try await requireStored(Set(shard.files.flatMap { $0.terms.map(\.xorb) }))
        return shard
    }

    /// Takes in a shard: every file in it becomes a blob of the repository.
    ///
    /// Nothing but the shard's own records is held in memory, whatever the size of the files. Files that were taken in
    /// before an error stay: sent again, they are recognized.
    /// - Parameters:
    ///   - repository: opened for `.contentWrite`.
    ///   - progress: counts the bytes that were verified.
    /// - Returns: whether any of it was new.
    /// - Throws: `.badRequest` for a xorb that is not stored or may not be seen; `.unprocessable` when hashes, lengths or
    ///   digests do not agree; `.storageFull`, `.quotaExceeded`, `.storageCorrupt`.
    package func receive(
        _ shard: XetShard, for repository: Repository, counting progress: XetProgress = XetProgress()
    ) async throws -> Bool {
        try requireContribution(repository)
        var isNew = false
        for file in shard.files {
            try Task.checkCancellation()
            if try await receive(file, for: repository, counting: progress) { isNew = true }
        }
        return isNew
    }

    private static func files(of pieces: some AsyncSequence<[UInt8], any Error>) async throws -> [ShardFile] {
        var reader = ShardReader()
        var files: [ShardFile] = []
        for try await piece in pieces {
            reader.append(piece)
            while let item = try reader.next() {
                // What it says of xorbs is the client's word; they were looked into when they came.
                if case .file(let file) = item { files.append(file) }
            }
        }
        try reader.finish()
        return files
    }

    /// - Throws: `.badRequest` naming the first that is not stored. When it once was, a new generation begins.
    private func requireStored(_ names: Set<XetHash>) async throws {
        let missing = try await xorbs.survey(names).missing
        guard let first = missing.min(by: { $0.text < $1.text }) else { return }
        let lost = try await records.known(missing)
        for name in lost {
            try await xorbs.lose(name)
            try await records.forget(name)
        }
        throw HubError(
            .badRequest, "The shard names xorb \(lost.first ?? first), which is not stored here.",
            remedy: lost.isEmpty
                ? "Upload the xorb before the shard."
                : "It was lost here. Start the upload again: the client will send everything.")
    }

    /// Takes in one file.
    /// - Returns: whether it is new in the repository.
    private func receive(
        _ file: ShardFile, for repository: Repository, counting progress: XetProgress
    ) async throws -> Bool {
        try await prove(file, for: repository)
        // The name is made of the chunks' hashes, so what was found out about it before holds again.
        if let known = try await records.file(file.hash), try await blobs.size(of: known.blob) == known.size {
            guard file.sha256 == nil || file.sha256 == known.blob else {
                throw HubError(
                    .unprocessable,
                    "The shard says that file \(file.hash) has the SHA-256 \(file.sha256?.hex ?? ""), "
                        + "but it has \(known.blob.hex).")
            }
            let isKnown = try await store.provedSizes(of: [known.blob], in: repository)[known.blob] != nil
            try await releaseXorbs(of: file, for: repository)
            try await store.noteArrival(
                of: LFSPointer(oid: known.blob, size: known.size), in: repository, endingReservation: nil)
            progress.add(known.size)
            return !isKnown
        }
        try await store.quotas.holding(for: repository) { hold in
            try await releaseXorbs(of: file, for: repository)
            try await hold.cover(file.contentBytes, isWhole: true)
            let content = ShardContent(terms: file.terms, xorbs: xorbs, progress: progress)
            let stored = try await blobs.store(
                file.sha256, size: file.contentBytes, from: CoveredChunks(base: content, hold: hold))
            try await records.note(file, is: stored.id)
            try await store.noteArrival(
                of: LFSPointer(oid: stored.id, size: stored.size), in: repository, endingReservation: hold.name)
        }
        return true
    }

    /// What the xorbs of a file stood for is the file itself now. One that other files share stood for them as well: that
    /// they fit is found out when their turn comes.
    private func releaseXorbs(of file: ShardFile, for repository: Repository) async throws {
        let names = Set(file.terms.map(\.xorb)).map { Self.reservation(of: $0, repository) }
        try await store.quotas.release(names)
    }

    /// Checks that the uploader knows the chunks that the file is made of, and that they make it up.
    private func prove(_ file: ShardFile, for repository: Repository) async throws {
        let names = Set(file.terms.map(\.xorb))
        let single = try await xorbs.survey(names).ofOneChunk
        let visible = try await records.visible(single, to: repository)
        try await xorbs.verify(file, hiding: single.subtracting(visible))
    }
}
