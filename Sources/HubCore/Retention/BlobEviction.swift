import SQL

/// Takes stored blobs away, so that a kill at any moment leaves a store that says what it has.
///
/// A blob is marked first. Then, in one transaction with the question whether it may still go, its file is removed and
/// its row. What a kill between the two leaves is a mark, by which the next run and `weir verify` know it. Links stay: the
/// repository lists the file still, and who asks for it has it fetched again.
package struct BlobEviction: Sendable {
    let store: RepositoryStore
    let blobs: FileBlobStore

    /// Blobs of one transaction: other writers wait for it, and for the file system.
    private static let batch = 16

    package init(store: RepositoryStore, blobs: FileBlobStore) {
        self.store = store
        self.blobs = blobs
    }

    /// Removes blobs of which `mayGo` says so when their turn comes.
    /// - Parameters:
    ///   - pins: the pins under which they were chosen; under others nothing goes. Nil where pins do not matter.
    ///   - isEnough: asked between batches.
    /// - Returns: what was removed, with its bytes.
    package func remove(
        _ chosen: [BlobID], pins: PinnedContent.Version?, isEnough: () async throws -> Bool = { false },
        mayGo: @escaping @Sendable (StoredBlob, [Int64: MirroredRepository]) -> Bool
    ) async throws -> [BlobID: Int64] {
        var removed: [BlobID: Int64] = [:]
        for start in stride(from: 0, to: chosen.count, by: Self.batch) {
            try Task.checkCancellation()
            if try await isEnough() { break }
            let part = Array(chosen[start..<min(start + Self.batch, chosen.count)])
            try await mark(part)
            removed.merge(try await remove(part, pins: pins, mayGo)) { first, _ in first }
        }
        return removed
    }

    private func mark(_ part: [BlobID]) async throws {
        let now = store.clock.now()
        do {
            try await store.database.write { connection in
                for id in part {
                    try connection.upsert(
                        into: "evictions", key: [("sha256", .text(id.hex))],
                        values: [("bytes", .integer(0)), ("marked_at", .integer(now))])
                }
            }
        } catch let error as DatabaseError where error.kind == .full {
            // There is no room for a mark; what is removed next makes some.
        }
    }

    private func remove(
        _ part: [BlobID], pins: PinnedContent.Version?,
        _ mayGo: @escaping @Sendable (StoredBlob, [Int64: MirroredRepository]) -> Bool
    ) async throws -> [BlobID: Int64] {
        let (directory, uses) = (blobs.directory, store.uses)
        return try await store.database.write { connection in
            var removed: [BlobID: Int64] = [:]
            if try pins.map({ try PinStore.version(in: connection) == $0.value }) ?? true {
                let inventory = try RepositoryStore.retentionInventory(of: part, uses: uses, in: connection)
                for blob in inventory.blobs where mayGo(blob, inventory.mirrors) {
                    try PosixFile.remove(directory.path(of: blob.id))
                    try connection.execute("DELETE FROM blobs WHERE sha256 = ?", [.text(blob.id.hex)])
                    try connection.execute("DELETE FROM blob_uses WHERE sha256 = ?", [.text(blob.id.hex)])
                    removed[blob.id] = blob.bytes
                }
            }
            for id in part {
                try connection.execute("DELETE FROM evictions WHERE sha256 = ?", [.text(id.hex)])
            }
            return removed
        }
    }

    /// Ends what a kill has interrupted: a row whose file is gone goes, and a blob whose file is there stays.
    /// - Returns: how many rows went.
    @discardableResult
    package func settle() async throws -> Int {
        let marked = try await store.database.read { connection in
            try connection.query("SELECT sha256 FROM evictions").compactMap { BlobID(try $0.text("sha256")) }
        }
        guard !marked.isEmpty else { return 0 }
        let directory = blobs.directory
        return try await store.database.write { connection in
            var gone = 0
            for id in marked {
                if try directory.size(of: id) == nil {
                    gone += try connection.execute("DELETE FROM blobs WHERE sha256 = ?", [.text(id.hex)])
                }
                try connection.execute("DELETE FROM evictions WHERE sha256 = ?", [.text(id.hex)])
            }
            return gone
        }
    }
}

extension RepositoryStore {
    /// Whether a blob is recorded as stored, and not on its way out.
    func isRecorded(_ id: BlobID) async throws -> Bool {
        try await database.read { connection in
            let row = try connection.first("SELECT sha256 FROM blobs WHERE sha256 = ?", [.text(id.hex)])
            guard row != nil else { return false }
            return try connection.first("SELECT sha256 FROM evictions WHERE sha256 = ?", [.text(id.hex)]) == nil
        }
    }

    /// Notes in the audit log that blobs went, one entry for a run.
    package func noteEviction(_ detail: JSONValue, action: String, of object: String, by principal: Principal?)
        async throws
    {
        let now = clock.now()
        let entry =
            principal.map { AuditEntry(by: $0, action, object, detail: detail) }
            ?? AuditEntry(byServer: action, object, detail: detail)
        try await database.write { try AuditLog.append(entry, at: now, in: $0) }
    }

    /// What the last run of something about retention left to be known; nil before any.
    package func retentionState(_ name: String) async throws -> JSONValue? {
        try await database.read { connection in
            try connection.first("SELECT content FROM retention_state WHERE name = ?", [.text(name)])
                .flatMap { JSONText.decode(try $0.text("content")) }
        }
    }

    package func setRetentionState(_ name: String, to value: JSONValue) async throws {
        let content = try JSONText.encode(value)
        try await database.write { connection in
            try connection.upsert(
                into: "retention_state", key: [("name", .text(name))], values: [("content", .text(content))])
        }
    }
}

extension AuditEntry {
    /// An entry about what the server does by itself.
    init(byServer action: String, _ object: String, detail: JSONValue) {
        actor = "weir"
        token = nil
        self.action = action
        self.object = object
        self.detail = detail
    }
}
