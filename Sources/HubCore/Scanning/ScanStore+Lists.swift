import SQL

/// A blob that waits to be scanned.
package struct ScanWait: Sendable, Hashable {
    package let digest: BlobID
    /// Milliseconds since 1970.
    package let since: Int64
    package let attempts: Int64
    /// Why the last try failed; nil before the first.
    package let failure: String?
    package let isRunning: Bool
}

/// What scans found in a mirrored repository that is not clean.
package struct RepositoryScanRecords: Sendable, Hashable {
    /// Of the files in git of its default branch; nil where they are clean, or nobody looked.
    package var revision: RevisionScanRecord?
    /// Of its objects, each with the path it came by.
    package var objects: [Object] = []

    package struct Object: Sendable, Hashable {
        package let path: String
        package let record: ScanRecord
    }
}

extension ScanStore {
    /// Mirrored repositories in which something is not clean, by their keys. They are few: two looks into indexes.
    package func unclean() async throws -> [Int64: RepositoryScanRecords] {
        try await database.read { connection in
            var found: [Int64: RepositoryScanRecords] = [:]
            try connection.forEach(
                """
                SELECT v.* FROM revision_scans v
                JOIN repositories r ON r.id = v.repository_id AND r.head = v.commit_id
                WHERE v.verdict IN ('unknown', 'suspicious', 'dangerous') AND r.origin = 'mirror'
                """, []
            ) { row in
                guard let commit = CommitID(try row.text("commit_id")) else { return true }
                found[try row.integer("repository_id"), default: .init()].revision = RevisionScanRecord(
                    commit: commit, version: try row.text("version"), verdict: try row.text("verdict"),
                    findings: try row.text("findings"), files: try row.integer("files"),
                    scannedAt: try row.integer("scanned_at"))
                return true
            }
            try connection.forEach(
                """
                SELECT s.*, l.repository_id, l.path FROM scans s JOIN links l ON l.sha256 = s.sha256
                JOIN repositories r ON r.id = l.repository_id
                WHERE s.verdict IN ('unknown', 'suspicious', 'dangerous') AND r.origin = 'mirror'
                """, []
            ) { row in
                guard let record = try Self.record(row) else { return true }
                found[try row.integer("repository_id"), default: .init()].objects.append(
                    .init(path: try row.optionalText("path") ?? "", record: record))
                return true
            }
            return found
        }
    }

    /// How many blobs there are of each verdict, by the worst that one scanner said of them.
    package func counts() async throws -> [String: Int64] {
        try await database.read { connection in
            var counts: [String: Int64] = [:]
            let rows = try connection.query(
                """
                SELECT worst, COUNT(*) AS n FROM (
                    SELECT MAX(CASE verdict WHEN 'dangerous' THEN 3 WHEN 'suspicious' THEN 2 WHEN 'unknown' THEN 1
                        ELSE 0 END) AS worst FROM scans GROUP BY sha256
                ) w GROUP BY worst
                """, [])
            let words = ["clean", "unknown", "suspicious", "dangerous"]
            for row in rows {
                let rank = Int(try row.integer("worst"))
                if words.indices.contains(rank) { counts[words[rank]] = try row.integer("n") }
            }
            return counts
        }
    }

    /// What was found with a verdict, the newest first.
    /// - Parameter before: milliseconds since 1970 and the digest of the last one seen.
    package func records(verdict: String, before: (at: Int64, digest: String)?, limit: Int) async throws
        -> [ScanRecord]
    {
        let limit = max(1, min(limit, 1_000))
        return try await database.read { connection in
            try connection.query(
                """
                SELECT * FROM scans WHERE verdict = ? AND (scanned_at < ? OR (scanned_at = ? AND sha256 > ?))
                ORDER BY scanned_at DESC, sha256, scanner LIMIT ?
                """,
                [
                    .text(verdict), .integer(before?.at ?? .max), .integer(before?.at ?? .max),
                    .text(before?.digest ?? ""), .integer(Int64(limit)),
                ]
            ).compactMap(Self.record)
        }
    }

    /// What waits, the first that is due first.
    package func queue(limit: Int) async throws -> [ScanWait] {
        let now = clock.now()
        return try await database.read { connection in
            try connection.query(
                """
                SELECT sha256, queued_at, attempts, failure, lease_owner, lease_until FROM scan_queue
                ORDER BY priority, not_before, sha256 LIMIT ?
                """, [.integer(Int64(max(1, min(limit, 1_000))))]
            ).compactMap { row in
                guard let digest = BlobID(try row.text("sha256")) else { return nil }
                let until = try row.optionalInteger("lease_until") ?? 0
                return ScanWait(
                    digest: digest, since: try row.integer("queued_at"), attempts: try row.integer("attempts"),
                    failure: try row.optionalText("failure"),
                    isRunning: try row.optionalText("lease_owner") != nil && until >= now)
            }
        }
    }
}
