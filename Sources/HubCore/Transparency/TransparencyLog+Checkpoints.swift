import SQL

/// A checkpoint as it was stored.
package struct StoredCheckpoint: Sendable, Hashable {
    /// From 1, without gaps.
    package let id: Int64
    package let size: Int64
    /// In hex.
    package let root: String
    /// The signed note.
    package let note: String
    /// Milliseconds since 1970.
    package let createdAt: Int64

    init(_ row: Row) throws {
        id = try row.integer("id")
        size = try row.integer("size")
        root = try row.text("root")
        note = try row.text("note")
        createdAt = try row.integer("created_at")
    }
}

extension TransparencyLog {
    /// The log's name in checkpoints: made at random when the log begins, and kept.
    package func origin() async throws -> String {
        try await database.read { try Self.origin(in: $0) }
    }

    static func origin(in connection: any Connection) throws -> String {
        guard let row = try connection.first("SELECT origin FROM transparency_origin WHERE id = 1") else {
            throw HubError(.storageCorrupt, "The transparency log has no name.", remedy: "Run 'weir audit verify'.")
        }
        return try row.text("origin")
    }

    /// The keys with which checkpoints are checked, as verifiers take them; the newest first.
    package func verifierKeys() async throws -> [String] {
        let origin = try await origin()
        // There is one from the first question on.
        _ = try keys.current(.ed25519)
        return try keys.publicKeys().compactMap { TransparencyCheckpoint.verifierKey(of: $0, named: origin) }
    }

    /// The newest checkpoint; nil before the first.
    package func latestCheckpoint() async throws -> StoredCheckpoint? {
        try await database.read { try Self.latest(in: $0) }
    }

    private static func latest(in connection: any Connection) throws -> StoredCheckpoint? {
        try connection.first("SELECT * FROM transparency_checkpoints ORDER BY id DESC LIMIT 1")
            .map(StoredCheckpoint.init)
    }

    /// Checkpoints from the newest back.
    /// - Parameter before: an id to go on from; nil for the newest.
    package func checkpoints(before: Int64? = nil, limit: Int) async throws -> [StoredCheckpoint] {
        try await database.read { connection in
            try connection.query(
                "SELECT * FROM transparency_checkpoints WHERE id < ? ORDER BY id DESC LIMIT ?",
                [.integer(before ?? .max), .integer(Int64(limit))]
            ).map(StoredCheckpoint.init)
        }
    }

    /// Signs what the log is now, unless the newest checkpoint says it already.
    /// - Parameter age: milliseconds that a newer one has to wait after the newest.
    /// - Throws: `.storageCorrupt` when the log no longer agrees with its newest checkpoint: nothing is signed then.
    @discardableResult
    package func checkpoint(notWithin age: Int64 = 0) async throws -> StoredCheckpoint {
        let now = clock.now()
        let known = try await database.read { connection in
            (try Self.latest(in: connection), try Self.size(in: connection))
        }
        if let latest = known.0, latest.size == known.1 || now - latest.createdAt < age { return latest }
        let key = try keys.current(.ed25519)
        return try await database.write { connection in
            let latest = try Self.latest(in: connection)
            let size = try Self.size(in: connection)
            if let latest {
                // Another process may have been first.
                if latest.size == size { return latest }
                guard latest.size <= size, try Self.hash(0..<latest.size, in: connection).hex == latest.root else {
                    throw HubError(
                        .storageCorrupt,
                        "The transparency log no longer agrees with its checkpoint \(latest.id): nothing is signed.",
                        remedy: "Run 'weir audit verify', and restore the database from a backup.")
                }
            }
            let root = try Self.hash(0..<size, in: connection)
            let note = try TransparencyCheckpoint(
                origin: try Self.origin(in: connection), size: size, root: root, signing: key
            ).note
            let id = (latest?.id ?? 0) + 1
            try connection.execute(
                "INSERT INTO transparency_checkpoints (id, size, root, note, created_at) VALUES (?, ?, ?, ?, ?)",
                [.integer(id), .integer(size), .text(root.hex), .text(note), .integer(now)])
            guard let stored = try Self.latest(in: connection) else {
                throw HubError(.internalError, "The checkpoint was not stored.")
            }
            return stored
        }
    }
}
