import SQL

/// Every linked blob, and every mirrored repository, as one snapshot of the database has them.
package struct RetentionInventory: Sendable {
    package var blobs: [StoredBlob] = []
    /// By key. What is not among them is local.
    package var mirrors: [Int64: MirroredRepository] = [:]

    package init() {}
}

extension RepositoryStore {
    /// Reads what is stored. Its cost grows with the number of links.
    package func retentionInventory() async throws -> RetentionInventory {
        let uses = uses
        return try await database.read { connection in
            var inventory = RetentionInventory()
            for mirror in try Self.mirroredRepositories("", [], in: connection) {
                inventory.mirrors[mirror.key] = mirror
            }
            inventory.blobs = try Self.storedBlobs("", [], uses: uses, in: connection)
            return inventory
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
                    isProved: isProved, isUploaded: try row.integer("uploads") > 0))
        }
        try connection.forEach(
            """
            SELECT b.sha256, b.size, b.stored_at, u.used_at, l.repository_id, l.is_proved,
                (SELECT COUNT(*) FROM staged_blobs s WHERE s.sha256 = b.sha256)
                + (SELECT COUNT(*) FROM xet_files x WHERE x.sha256 = b.sha256) AS uploads
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
