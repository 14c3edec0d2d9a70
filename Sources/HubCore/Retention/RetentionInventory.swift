import SQL

/// Linked blobs, and the mirrored repositories that link them, as one snapshot of the database has them.
package struct RetentionInventory: Sendable {
    package var blobs: [StoredBlob] = []
    /// By key. What is not among them is local.
    package var mirrors: [Int64: MirroredRepository] = [:]

    package init() {}
}

extension RepositoryStore {
    /// Every mirrored repository, by key.
    package func mirroredRepositories() async throws -> [Int64: MirroredRepository] {
        try await database.read { connection in
            Dictionary(
                try Self.mirroredRepositories("", [], in: connection).map { ($0.key, $0) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// One page of the stored blobs that one repository links, in the order of their names and with everybody who links
    /// them. Nobody's changes wait for the end of the walk.
    /// - Parameters:
    ///   - last: where the page before ended; nil for the first.
    ///   - count: links to look at, of stored blobs or not.
    /// - Returns: `next` is nil when there are no more.
    package func storedBlobs(ofRepository key: Int64, after last: BlobID?, count: Int) async throws
        -> (blobs: [StoredBlob], next: BlobID?)
    {
        let uses = uses
        return try await database.read { connection in
            let place: [Value] = [.integer(key), .text(last?.hex ?? "")]
            let end = try connection.first(
                """
                SELECT sha256 FROM links WHERE repository_id = ? AND sha256 > ? ORDER BY sha256 LIMIT 1 OFFSET ?
                """, place + [.integer(Int64(max(1, count) - 1))]
            ).flatMap { BlobID(try $0.text("sha256")) }
            let blobs = try Self.storedBlobs(
                """
                JOIN links m ON m.sha256 = b.sha256
                WHERE m.repository_id = ? AND m.sha256 > ? \(end == nil ? "" : "AND m.sha256 <= ?")
                """, place + (end.map { [.text($0.hex)] } ?? []), uses: uses, in: connection)
            return (blobs, end)
        }
    }

    /// How much is stored and linked.
    package func linkedAmount() async throws -> (count: Int64, bytes: Int64) {
        try await database.read { connection in
            let row = try connection.first(
                """
                SELECT COUNT(*) AS number, COALESCE(SUM(size), 0) AS bytes FROM blobs
                WHERE EXISTS (SELECT 1 FROM links l WHERE l.sha256 = blobs.sha256)
                """)
            return (try row?.integer("number") ?? 0, try row?.integer("bytes") ?? 0)
        }
    }

    /// A few blobs as they are now, for who decides on them inside a transaction.
    static func retentionInventory(of blobs: [BlobID], uses: BlobUses, in connection: any Connection) throws
        -> RetentionInventory
    {
        var inventory = RetentionInventory()
        for blob in blobs {
            inventory.blobs += try storedBlobs("WHERE b.sha256 = ?", [.text(blob.hex)], uses: uses, in: connection)
        }
        for key in Set(inventory.blobs.flatMap(\.repositories)) {
            for mirror in try mirroredRepositories("AND r.id = ?", [.integer(key)], in: connection) {
                inventory.mirrors[mirror.key] = mirror
            }
        }
        return inventory
    }

    /// The blobs that one repository links and that are stored, with everybody who links them.
    package func retentionInventory(ofRepository key: Int64) async throws -> RetentionInventory {
        let uses = uses
        return try await database.read { connection in
            let ids = try connection.query(
                """
                SELECT l.sha256 FROM links l JOIN blobs b ON b.sha256 = l.sha256 WHERE l.repository_id = ?
                ORDER BY l.sha256
                """, [.integer(key)]
            ).compactMap { BlobID(try $0.text("sha256")) }
            return try Self.retentionInventory(of: ids, uses: uses, in: connection)
        }
    }

    private static func storedBlobs(
        _ condition: String, _ arguments: [Value], uses: BlobUses, in connection: any Connection
    ) throws -> [StoredBlob] {
        var found: [StoredBlob] = []
        var current: (id: BlobID, row: Row, repositories: [Int64], isProved: Bool)?
        func close() throws {
            guard let (id, row, repositories, isProved) = current else { return }
            let stored = try row.integer("stored_at")
            let used = max(stored, try row.optionalInteger("used_at") ?? 0, uses.lastUse(of: id) ?? 0)
            found.append(
                StoredBlob(
                    id: id, bytes: try row.integer("size"), storedAt: stored, usedAt: used, repositories: repositories,
                    isProved: isProved, isUploaded: try row.boolean("is_uploaded")))
        }
        try connection.forEach(
            """
            SELECT b.sha256, b.size, b.stored_at, u.used_at, l.repository_id, l.is_proved,
                CASE WHEN EXISTS (SELECT 1 FROM staged_blobs s WHERE s.sha256 = b.sha256)
                    OR EXISTS (SELECT 1 FROM xet_files x WHERE x.sha256 = b.sha256) THEN 1 ELSE 0 END AS is_uploaded
            FROM blobs b JOIN links l ON l.sha256 = b.sha256 LEFT JOIN blob_uses u ON u.sha256 = b.sha256
            \(condition) ORDER BY b.sha256, l.repository_id
            """, arguments
        ) { row in
            guard let id = BlobID(try row.text("sha256")) else { return true }
            let (key, isProved) = (try row.integer("repository_id"), try row.boolean("is_proved"))
            if let known = current, known.id == id {
                current = (id, known.row, known.repositories + [key], known.isProved || isProved)
            } else {
                try close()
                current = (id, row, [key], isProved)
            }
            return true
        }
        try close()
        return found
    }

    private static func mirroredRepositories(_ condition: String, _ arguments: [Value], in connection: any Connection)
        throws -> [MirroredRepository]
    {
        try connection.query(
            """
            SELECT r.id, r.kind, r.namespace, r.name, r.mirror, r.upstream, r.upstream_path, s.failed_at,
                (SELECT COUNT(*) FROM remote_repositories c JOIN catalogue_sources f ON f.id = c.source_id
                    WHERE f.mirror = r.mirror AND f.upstream = r.upstream
                    AND c.kind = r.kind AND c.path_key = LOWER(r.upstream_path) AND c.state <> 'present') AS absences
            FROM repositories r LEFT JOIN mirror_states s ON s.repository_id = r.id
            WHERE r.origin = 'mirror' \(condition)
            """, arguments
        ).compactMap { row in
            guard let kind = RepositoryKind(rawValue: try row.text("kind")),
                let id = RepositoryID(
                    kind: kind, namespace: try row.text("namespace"), name: try row.text("name")),
                let mirror = try row.optionalText("mirror"), let upstream = try row.optionalText("upstream"),
                let path = try row.optionalText("upstream_path")
            else { return nil }
            return MirroredRepository(
                key: try row.integer("id"), id: id,
                origin: Repository.Mirror(mirror: mirror, upstream: upstream, path: path),
                hasFailed: try row.optionalInteger("failed_at") != nil, isGone: try row.integer("absences") > 0)
        }
    }
}
