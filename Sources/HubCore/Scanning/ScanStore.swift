import SQL

/// What scans found, kept by digest: the same bytes are scanned once, from wherever they came.
package struct ScanStore: Sendable {
    let database: any Database
    let clock: WallClock

    /// Everything that is known of a blob.
    package func records(of digest: BlobID) async throws -> [ScanRecord] {
        try await database.read { connection in
            try connection.query("SELECT * FROM scans WHERE sha256 = ? ORDER BY scanner", [.text(digest.hex)])
                .compactMap(Self.record)
        }
    }

    /// Everything that is known of these blobs; those of which nothing is are absent.
    package func records(of digests: some Collection<BlobID> & Sendable) async throws -> [BlobID: [ScanRecord]] {
        try await database.read { connection in
            var found: [BlobID: [ScanRecord]] = [:]
            for digest in digests where found[digest] == nil {
                let records = try connection.query("SELECT * FROM scans WHERE sha256 = ?", [.text(digest.hex)])
                    .compactMap(Self.record)
                if !records.isEmpty { found[digest] = records }
            }
            return found
        }
    }

    /// Writes down what was found in blobs that have no place in the queue: files in git.
    package func note(_ records: [ScanRecord], objects: [(id: ObjectID, digest: BlobID, size: Int64)] = []) async throws
    {
        guard !records.isEmpty || !objects.isEmpty else { return }
        try await database.write { connection in
            for record in records { try Self.write(record, in: connection) }
            for object in objects {
                try connection.upsert(
                    into: "scan_objects", key: [("object_id", .text(object.id.hex))],
                    values: [("sha256", .text(object.digest.hex)), ("size", .integer(object.size))])
            }
        }
    }

    /// The SHA-256 of the bytes of git objects that were looked at.
    package func digests(of objects: some Collection<ObjectID> & Sendable) async throws -> [ObjectID: BlobID] {
        try await database.read { connection in
            var found: [ObjectID: BlobID] = [:]
            for object in objects {
                let row = try connection.first(
                    "SELECT sha256 FROM scan_objects WHERE object_id = ?", [.text(object.hex)])
                if let digest = try row.flatMap({ BlobID(try $0.text("sha256")) }) { found[object] = digest }
            }
            return found
        }
    }

    /// Changes whenever any process found something that is not clean; a look into two indexes.
    package func newestFinding() async throws -> Int64 {
        try await database.read { connection in
            var newest: Int64 = 0
            for table in ["scans", "revision_scans"] {
                for verdict in ["unknown", "suspicious", "dangerous"] {
                    let row = try connection.first(
                        "SELECT MAX(scanned_at) AS newest FROM \(table) WHERE verdict = ?", [.text(verdict)])
                    newest = max(newest, try row?.optionalInteger("newest") ?? 0)
                }
            }
            return newest
        }
    }

    // MARK: Revisions

    package func revision(_ commit: CommitID, of key: Int64) async throws -> RevisionScanRecord? {
        try await database.read { connection in
            let row = try connection.first(
                "SELECT * FROM revision_scans WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)])
            return try row.map { row in
                RevisionScanRecord(
                    commit: commit, version: try row.text("version"), verdict: try row.text("verdict"),
                    findings: try row.text("findings"), files: try row.integer("files"),
                    scannedAt: try row.integer("scanned_at"))
            }
        }
    }

    package func note(_ revision: RevisionScanRecord, of key: Int64) async throws {
        try await database.write { connection in
            try connection.upsert(
                into: "revision_scans",
                key: [("repository_id", .integer(key)), ("commit_id", .text(revision.commit.hex))],
                values: [
                    ("version", .text(revision.version)), ("verdict", .text(revision.verdict)),
                    ("findings", .text(revision.findings)), ("files", .integer(revision.files)),
                    ("scanned_at", .integer(revision.scannedAt)),
                ])
        }
    }

    /// Forgets what was found of a revision's files in git, so that they are looked at anew.
    package func forget(_ commit: CommitID, of key: Int64) async throws {
        try await database.write { connection in
            try connection.execute(
                "DELETE FROM revision_scans WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)])
        }
    }

    /// Default branches of repositories that changed at a time or later, oldest change first.
    package func heads(changedSince time: Int64, limit: Int) async throws
        -> [(key: Int64, commit: CommitID, changedAt: Int64)]
    {
        try await database.read { connection in
            try connection.query(
                """
                SELECT id, head, updated_at FROM repositories WHERE updated_at >= ? AND head IS NOT NULL
                ORDER BY updated_at, id LIMIT ?
                """, [.integer(time), .integer(Int64(limit))]
            ).compactMap { row in
                guard let commit = CommitID(try row.text("head")) else { return nil }
                return (try row.integer("id"), commit, try row.integer("updated_at"))
            }
        }
    }

    // MARK: Upstreams

    package func upstream(_ commit: CommitID, of key: Int64) async throws -> UpstreamScanRecord? {
        try await database.read { connection in
            let row = try connection.first(
                "SELECT * FROM upstream_scans WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)])
            return try row.map { row in
                var issues: [String: String] = [:]
                if case .object(let members) = JSONText.decode(try row.text("issues")) {
                    for member in members { issues[member.key] = member.value.string ?? "" }
                }
                return UpstreamScanRecord(
                    upstream: try row.text("upstream"), isDone: try row.boolean("is_done"), issues: issues,
                    askedAt: try row.integer("asked_at"))
            }
        }
    }

    package func note(_ record: UpstreamScanRecord, of commit: CommitID, in key: Int64) async throws {
        let issues = try JSONText.encode(
            .object(record.issues.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) }))
        try await database.write { connection in
            try connection.upsert(
                into: "upstream_scans",
                key: [("repository_id", .integer(key)), ("commit_id", .text(commit.hex))],
                values: [
                    ("upstream", .text(record.upstream)), ("is_done", Value(record.isDone)),
                    ("issues", .text(issues)), ("asked_at", .integer(record.askedAt)),
                ])
        }
    }

    // MARK: Rows

    static func record(_ row: Row) throws -> ScanRecord? {
        guard let digest = BlobID(try row.text("sha256")),
            let scanner = ScanRecord.Scanner(rawValue: try row.text("scanner"))
        else { return nil }
        return ScanRecord(
            digest: digest, scanner: scanner, version: try row.text("version"), size: try row.integer("size"),
            format: try row.text("format"), verdict: try row.text("verdict"), findings: try row.text("findings"),
            scannedAt: try row.integer("scanned_at"), milliseconds: try row.integer("milliseconds"))
    }

    static func write(_ record: ScanRecord, in connection: any Connection) throws {
        try connection.upsert(
            into: "scans",
            key: [("sha256", .text(record.digest.hex)), ("scanner", .text(record.scanner.rawValue))],
            values: [
                ("version", .text(record.version)), ("size", .integer(record.size)),
                ("format", .text(String(record.format.prefix(64)))), ("verdict", .text(record.verdict)),
                ("findings", .text(record.findings)), ("scanned_at", .integer(record.scannedAt)),
                ("milliseconds", .integer(record.milliseconds)),
            ])
    }
}

extension Hub {
    /// What scans found.
    package var scans: ScanStore { ScanStore(database: database, clock: clock) }
}
