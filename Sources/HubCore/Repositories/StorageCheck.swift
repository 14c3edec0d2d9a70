import SQL

/// What a check of everything stored found.
package struct StorageReport: Sendable {
    package var blobs = 0
    /// Bytes of all blobs read.
    package var bytes: Int64 = 0
    package var repositories = 0
    package var problems = 0
}

/// Reads every blob, every ref's commit and its tree, and compares them with what names them.
package struct StorageCheck: Sendable {
    private let store: RepositoryStore
    private let git: GitStore
    private let blobs: any BlobStore

    package init(store: RepositoryStore, git: GitStore, blobs: any BlobStore) {
        self.store = store
        self.git = git
        self.blobs = blobs
    }

    /// - Parameter complain: gets one line for each problem.
    package func run(complain: @Sendable (String) -> Void) async throws -> StorageReport {
        var report = StorageReport()
        let known = try await store.storedBlobs()
        let going = try await store.markedBlobs()
        var seen: Set<BlobID> = []
        for try await id in blobs.allIDs() {
            seen.insert(id)
            do {
                let isTrue = try await blobs.verify(id)
                report.blobs += 1
                report.bytes += try await blobs.size(of: id) ?? 0
                if isTrue { continue }
                report.problems += 1
                complain("blob \(id): the bytes do not match the digest")
            } catch let error as HubError where error.code == .blobNotFound {
                // It went after it was listed: whether it was to go is asked below.
                seen.remove(id)
            }
        }
        // The collector may have been stopped after a file and before its row, or be at work now; what is evicted may be
        // fetched again at any moment.
        for blob in known where !seen.contains(blob.id) && !going.contains(blob.id) {
            guard try await blobs.size(of: blob.id) == nil, try await store.isRecorded(blob.id) else { continue }
            report.problems += 1
            complain("blob \(blob.id): recorded as stored, but its file is missing")
        }
        for repository in try await store.everyRepository() {
            report.repositories += 1
            report.problems += try await check(repository, complain: complain)
        }
        return report
    }

    private func check(_ record: RepositoryRecord, complain: @Sendable (String) -> Void) async throws -> Int {
        var problems = 0
        for ref in try await store.refs(of: record.key) {
            let target = ref.peeled ?? ref.target
            if record.origin != .local, try await store.acquisition(of: target, in: record.key) == nil { continue }
            do {
                guard let commit = try await git.peelToCommit(target, in: record.key),
                    let entries = try await git.list(nil, commit: commit, in: record.key, recursive: true)
                else {
                    problems += 1
                    complain("\(record.id) \(ref.name.name): the commit \(target) is missing")
                    continue
                }
                for entry in entries where entry.kind == .file || entry.kind == .executable {
                    let bytes = try await git.blob(entry.id, in: record.key, limit: RepositoryService.maximumObjectSize)
                    if ObjectID.blob(of: bytes) != entry.id {
                        problems += 1
                        complain("\(record.id) \(ref.name.name): the bytes of '\(entry.path)' do not match \(entry.id)")
                    }
                    if record.origin == .local, let pointer = entry.lfs,
                        try await blobs.size(of: pointer.oid) != pointer.size
                    {
                        problems += 1
                        complain("\(record.id) \(ref.name.name): the LFS object of '\(entry.path)' is missing")
                    }
                }
            } catch let error as HubError {
                problems += 1
                complain("\(record.id) \(ref.name.name): \(error.line)")
            }
        }
        return problems
    }
}

extension RepositoryStore {
    /// Blobs that nothing names and the collector is to remove.
    func markedBlobs() async throws -> Set<BlobID> {
        try await database.read { connection in
            let names = try connection.query(
                """
                SELECT name FROM gc_marks WHERE kind = 'blob'
                AND NOT EXISTS (SELECT 1 FROM links l WHERE l.sha256 = gc_marks.name)
                """)
            return Set(try names.compactMap { BlobID(try $0.text("name")) })
        }
    }

    func everyRepository() async throws -> [RepositoryRecord] {
        try await database.read { connection in
            try connection.query("SELECT \(Self.columns) FROM repositories r ORDER BY r.id").map(Self.record)
        }
    }
}
