import SQL

/// For whom mirrors fetched the large files they hold.
package struct StoredShareStore: Sendable {
    let database: any Database

    /// Bytes of a mirror's files that were fetched for somebody and are stored.
    /// - Parameter underway: files that are being fetched and count as if they were here.
    package func bytes(of subject: String, in mirror: String, underway: Set<BlobID> = []) async throws -> Int64 {
        try await database.read { connection in
            var sum =
                try connection.first(
                    """
                    SELECT CAST(COALESCE(SUM(s.bytes), 0) AS BIGINT) AS bytes
                    FROM stored_shares s JOIN blobs b ON b.sha256 = s.sha256 WHERE s.mirror = ? AND s.subject = ?
                    """, [.text(mirror), .text(subject)])?.integer("bytes") ?? 0
            for blob in underway {
                sum +=
                    try connection.first(
                        """
                        SELECT s.bytes AS bytes FROM stored_shares s LEFT JOIN blobs b ON b.sha256 = s.sha256
                        WHERE s.mirror = ? AND s.subject = ? AND s.sha256 = ? AND b.sha256 IS NULL
                        """, [.text(mirror), .text(subject), .text(blob.hex)])?.integer("bytes") ?? 0
            }
            return sum
        }
    }

    /// Writes down that a file is fetched for these.
    package func note(_ pointer: LFSPointer, for subjects: [String], in mirror: String) async throws {
        guard !subjects.isEmpty else { return }
        try await database.write { connection in
            for subject in subjects {
                try connection.upsert(
                    into: "stored_shares",
                    key: [("mirror", .text(mirror)), ("subject", .text(subject)), ("sha256", .text(pointer.oid.hex))],
                    values: [("bytes", .integer(pointer.size))])
            }
        }
    }

    /// Whether a file was fetched for somebody already.
    package func has(_ blob: BlobID, for subject: String, in mirror: String) async throws -> Bool {
        try await database.read { connection in
            try connection.first(
                "SELECT 1 AS one FROM stored_shares WHERE mirror = ? AND subject = ? AND sha256 = ?",
                [.text(mirror), .text(subject), .text(blob.hex)]) != nil
        }
    }

    /// Forgets whatever is not stored and not on its way.
    package func forgetAbsent(but underway: Set<BlobID>) async throws {
        try await database.write { connection in
            let gone = try connection.query(
                """
                SELECT DISTINCT s.sha256 FROM stored_shares s LEFT JOIN blobs b ON b.sha256 = s.sha256
                WHERE b.sha256 IS NULL
                """
            ).map { try $0.text("sha256") }
            let kept = Set(underway.map(\.hex))
            for digest in gone where !kept.contains(digest) {
                try connection.execute("DELETE FROM stored_shares WHERE sha256 = ?", [.text(digest)])
            }
        }
    }
}

extension Hub {
    /// For whom mirrors fetched what they hold.
    package var storedShares: StoredShareStore { StoredShareStore(database: database) }
}
