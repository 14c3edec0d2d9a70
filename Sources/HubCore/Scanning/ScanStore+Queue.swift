import SQL

/// That one process scans a blob now.
package struct ScanLease: Sendable, Hashable {
    package let digest: BlobID
    package let owner: String
    /// How often it was tried before.
    package let attempts: Int64
}

/// How urgently a blob is to be scanned; lower goes first.
package enum ScanPriority: Int64, Sendable, Comparable {
    /// Somebody waits for it.
    case asked = 0
    /// It is new here.
    case arrived = 1
    /// A newer scanner has not seen it yet.
    case stale = 2

    package static func < (left: ScanPriority, right: ScanPriority) -> Bool { left.rawValue < right.rawValue }
}

/// How much there is to be scanned.
package struct ScanBacklog: Sendable, Hashable {
    package var waiting: Int64
    package var running: Int64
    /// Those that were tried and could not be scanned.
    package var failing: Int64
}

/// What waits to be scanned. A blob is leased by one process at a time; a lease that its owner no longer keeps is taken
/// over.
extension ScanStore {
    /// Blobs that were stored after a place and have no result of a version of our own scanners, oldest first.
    /// - Parameters:
    ///   - place: where the last call ended.
    ///   - limit: blobs that are looked at.
    ///   - wantsClamAV: whether those are lacking too that ClamAV has not seen.
    /// - Returns: what is lacking, and where the next call goes on; nil at the end.
    package func lacking(
        version: String, wantsClamAV: Bool, after place: (storedAt: Int64, digest: String), limit: Int
    ) async throws -> (lacking: [(digest: BlobID, isKnown: Bool)], next: (storedAt: Int64, digest: String)?) {
        try await database.read { connection in
            let rows = try connection.query(
                """
                SELECT b.sha256, b.stored_at, s.version, c.version AS clamav FROM blobs b
                LEFT JOIN scans s ON s.sha256 = b.sha256 AND s.scanner = 'weir'
                LEFT JOIN scans c ON c.sha256 = b.sha256 AND c.scanner = 'clamav'
                WHERE (b.stored_at, b.sha256) > (?, ?)
                ORDER BY b.stored_at, b.sha256 LIMIT ?
                """,
                [.integer(place.storedAt), .text(place.digest), .integer(Int64(limit))])
            var lacking: [(BlobID, Bool)] = []
            for row in rows {
                let known = try row.optionalText("version")
                let isUnseen = try wantsClamAV && (row.optionalText("clamav") ?? "").isEmpty
                guard known != version || isUnseen, let digest = BlobID(try row.text("sha256")) else { continue }
                lacking.append((digest, known != nil))
            }
            guard let last = rows.last else { return (lacking, nil) }
            return (lacking, (try last.integer("stored_at"), try last.text("sha256")))
        }
    }

    /// Puts blobs into the queue; those that are there already keep their place unless this one is better.
    /// - Parameter wanted: leaves out what has such results by now: another process may have finished since the caller
    ///   looked.
    package func enqueue(
        _ digests: [BlobID], _ priority: ScanPriority, lacking wanted: (version: String, clamAV: Bool)? = nil
    ) async throws {
        guard !digests.isEmpty else { return }
        let now = clock.now()
        let news = try await database.read { connection in
            try digests.filter { digest in
                let row = try connection.first(
                    "SELECT priority FROM scan_queue WHERE sha256 = ?", [.text(digest.hex)])
                return try row.map { try $0.integer("priority") > priority.rawValue } ?? true
            }
        }
        guard !news.isEmpty else { return }
        try await database.write { connection in
            for digest in news {
                let changed = try connection.execute(
                    "UPDATE scan_queue SET priority = ? WHERE sha256 = ? AND priority > ?",
                    [.integer(priority.rawValue), .text(digest.hex), .integer(priority.rawValue)])
                guard changed == 0 else { continue }
                guard
                    try connection.first("SELECT sha256 FROM scan_queue WHERE sha256 = ?", [.text(digest.hex)]) == nil
                else { continue }
                if let wanted, try Self.isSeen(digest, wanted, in: connection) { continue }
                try connection.execute(
                    "INSERT INTO scan_queue (sha256, priority, queued_at, not_before) VALUES (?, ?, ?, ?)",
                    [.text(digest.hex), .integer(priority.rawValue), .integer(now), .integer(now)])
            }
        }
    }

    private static func isSeen(
        _ digest: BlobID, _ wanted: (version: String, clamAV: Bool), in connection: any Connection
    ) throws -> Bool {
        let versions = try connection.query(
            "SELECT scanner, version FROM scans WHERE sha256 = ?", [.text(digest.hex)]
        ).reduce(into: [String: String]()) { $0[try $1.text("scanner")] = try $1.text("version") }
        return versions[ScanRecord.Scanner.weir.rawValue] == wanted.version
            && (!wanted.clamAV || !(versions[ScanRecord.Scanner.clamav.rawValue] ?? "").isEmpty)
    }

    /// Since when a blob waits to be scanned, in milliseconds since 1970, and why the last try failed; nil when it does
    /// not wait.
    package func waiting(_ digest: BlobID) async throws -> (since: Int64, failure: String?)? {
        try await database.read { connection in
            let row = try connection.first(
                "SELECT queued_at, failure FROM scan_queue WHERE sha256 = ?", [.text(digest.hex)])
            return try row.map { (try $0.integer("queued_at"), try $0.optionalText("failure")) }
        }
    }

    /// Leases a blob: the one that goes next, or the one that is named, whenever it may be tried.
    /// - Parameters:
    ///   - owner: unique to the process and its start.
    ///   - lease: milliseconds.
    /// - Returns: nil where there is none, or somebody else has it.
    package func claim(_ digest: BlobID? = nil, by owner: String, lease: Int64) async throws -> ScanLease? {
        let now = clock.now()
        // Most looks find nothing, and need no write lock.
        guard try await database.read({ try Self.candidate(digest, now, in: $0) }) != nil else { return nil }
        return try await database.write { connection in
            guard let row = try Self.candidate(digest, now, in: connection),
                let found = BlobID(try row.text("sha256"))
            else { return nil }
            try connection.execute(
                "UPDATE scan_queue SET lease_owner = ?, lease_until = ? WHERE sha256 = ?",
                [.text(owner), .integer(now + lease), .text(found.hex)])
            return ScanLease(digest: found, owner: owner, attempts: try row.integer("attempts"))
        }
    }

    private static func candidate(_ digest: BlobID?, _ now: Int64, in connection: any Connection) throws -> Row? {
        if let digest {
            return try connection.first(
                """
                SELECT sha256, attempts FROM scan_queue
                WHERE sha256 = ? AND (lease_owner IS NULL OR lease_until < ?)
                """, [.text(digest.hex), .integer(now)])
        }
        return try connection.first(
            """
            SELECT sha256, attempts FROM scan_queue
            WHERE not_before <= ? AND (lease_owner IS NULL OR lease_until < ?)
            ORDER BY priority, not_before LIMIT 1
            """, [.integer(now), .integer(now)])
    }

    /// Keeps a lease for longer.
    /// - Returns: false when it is somebody else's now.
    package func renew(_ held: ScanLease, for lease: Int64) async throws -> Bool {
        let now = clock.now()
        return try await database.write { connection in
            try connection.execute(
                "UPDATE scan_queue SET lease_until = ? WHERE sha256 = ? AND lease_owner = ?",
                [.integer(now + lease), .text(held.digest.hex), .text(held.owner)]) == 1
        }
    }

    /// Writes down what was found, and takes the blob out of the queue; nothing when the lease is somebody else's now.
    /// - Returns: whether it was written.
    package func finish(_ held: ScanLease, _ records: [ScanRecord]) async throws -> Bool {
        try await database.write { connection in
            let ended = try connection.execute(
                "DELETE FROM scan_queue WHERE sha256 = ? AND lease_owner = ?",
                [.text(held.digest.hex), .text(held.owner)])
            guard ended == 1 else { return false }
            for record in records { try Self.write(record, in: connection) }
            return true
        }
    }

    /// Gives a blob back that could not be scanned.
    /// - Parameters:
    ///   - failure: why; nil when nobody tried.
    ///   - pause: milliseconds until it may be tried again.
    package func release(_ held: ScanLease, failure: String?, pause: Int64) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE scan_queue SET lease_owner = NULL, lease_until = NULL, not_before = ?,
                    attempts = attempts + ?, failure = COALESCE(?, failure) WHERE sha256 = ? AND lease_owner = ?
                """,
                [
                    .integer(now + pause), .integer(failure == nil ? 0 : 1),
                    Value(failure.map { String($0.prefix(2_000)) }), .text(held.digest.hex), .text(held.owner),
                ])
        }
    }

    /// Takes a blob out of the queue that is not stored here any more.
    package func drop(_ held: ScanLease) async throws {
        try await database.write { connection in
            try connection.execute(
                "DELETE FROM scan_queue WHERE sha256 = ? AND lease_owner = ?",
                [.text(held.digest.hex), .text(held.owner)])
        }
    }

    /// Owners of leases, other than one.
    package func owners(otherThan owner: String) async throws -> [String] {
        try await database.read { connection in
            try connection.query(
                "SELECT DISTINCT lease_owner FROM scan_queue WHERE lease_owner > '' AND lease_owner <> ?",
                [.text(owner)]
            ).map { try $0.text("lease_owner") }
        }
    }

    /// Gives back what owners had leased that are known to be gone.
    /// - Returns: how many blobs.
    package func reclaim(from dead: [String]) async throws -> Int {
        guard !dead.isEmpty else { return 0 }
        return try await database.write { connection in
            var count = 0
            for owner in dead {
                count += try connection.execute(
                    "UPDATE scan_queue SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = ?",
                    [.text(owner)])
            }
            return count
        }
    }

    /// Forgets what was found in blobs and has them scanned anew.
    package func rescan(_ digests: [BlobID], priority: ScanPriority = .asked) async throws {
        try await database.write { connection in
            for digest in digests {
                // What was found stays until something else is: nothing gets better by asking again.
                try connection.execute(
                    "UPDATE scans SET version = '' WHERE sha256 = ?", [.text(digest.hex)])
            }
        }
        try await enqueue(digests, priority)
    }

    package func backlog() async throws -> ScanBacklog {
        let now = clock.now()
        return try await database.read { connection in
            let row = try connection.first(
                """
                SELECT COUNT(*) AS waiting,
                    COALESCE(SUM(CASE WHEN lease_owner > '' AND lease_until >= ? THEN 1 ELSE 0 END), 0) AS running,
                    COALESCE(SUM(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), 0) AS failing FROM scan_queue
                """, [.integer(now)])
            return ScanBacklog(
                waiting: try row?.integer("waiting") ?? 0, running: try row?.integer("running") ?? 0,
                failing: try row?.integer("failing") ?? 0)
        }
    }
}
