package import SQL

/// The history of air-gap bundles: what went out, what came in, and which of them carried a digest.
package struct BundleStore: Sendable {
    let database: any Database
    let identifiers: IdentifierSource

    package init(database: any Database, identifiers: IdentifierSource) {
        self.database = database
        self.identifiers = identifiers
    }

    private static let columns = """
        b.id, b.bundle_id, b.direction, b.seq, b.key_id, b.recipient, b.made_at, b.handled_at, b.handled_by, b.bytes,
        b.state, b.file, b.statement
        """

    /// Bundles that carried a blob, newest first: for whoever asks where bad content went.
    package func carrying(digest: BlobID) async throws -> [BundleRecord] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.columns) FROM bundles b JOIN bundle_contents c ON c.bundle = b.id
                WHERE c.sha256 = ? ORDER BY b.id DESC
                """, [.text(digest.hex)]
            ).map(Self.record)
        }
    }

    /// Bundles, newest first.
    /// - Parameter before: the place after which to go on, as `list` gave it.
    /// - Returns: at most `limit`, and where to go on; nil at the end.
    package func list(before: Int64? = nil, limit: Int) async throws -> (bundles: [BundleRecord], next: Int64?) {
        try await database.read { connection in
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM bundles b WHERE b.id < ? ORDER BY b.id DESC LIMIT ?",
                [.integer(before ?? .max), .integer(Int64(limit))])
            let next = rows.count == limit ? try rows.last?.integer("id") : nil
            return (try rows.map(Self.record), next)
        }
    }

    /// One bundle of the history; nil when there is none.
    package func bundle(_ id: String, _ direction: BundleRecord.Direction) async throws -> BundleRecord? {
        try await database.read { connection in
            try connection.first(
                "SELECT \(Self.columns) FROM bundles b WHERE b.bundle_id = ? AND b.direction = ?",
                [.text(id), .text(direction.rawValue)]
            ).map(Self.record)
        }
    }

    /// The newest bundle that came in under a key, by the exporter's own time.
    package func newest(from keyID: String) async throws -> BundleRecord? {
        try await database.read { connection in
            try connection.first(
                """
                SELECT \(Self.columns) FROM bundles b WHERE b.direction = 'in' AND b.key_id = ?
                ORDER BY b.seq DESC, b.made_at DESC
                """, [.text(keyID)]
            ).map(Self.record)
        }
    }

    /// What became of the repositories of a bundle.
    package func repositories(of id: String, _ direction: BundleRecord.Direction) async throws
        -> [BundleRecord.Repository]
    {
        try await database.read { connection in
            try connection.query(
                """
                SELECT r.kind, r.path, r.commit_id, r.outcome, r.reason FROM bundle_repositories r
                JOIN bundles b ON b.id = r.bundle WHERE b.bundle_id = ? AND b.direction = ? ORDER BY r.kind, r.path
                """, [.text(id), .text(direction.rawValue)]
            ).compactMap(Self.repository)
        }
    }

    /// The id of the bundle that went out with a number; nil when there was none.
    package func outgoing(sequence: Int64) async throws -> String? {
        try await database.read { connection in
            try connection.first(
                "SELECT bundle_id FROM bundles WHERE direction = 'out' AND seq = ? ORDER BY id", [.integer(sequence)]
            )?.text("bundle_id")
        }
    }

    /// The number of the next bundle that goes out.
    package func nextSequence() async throws -> Int64 {
        try await database.read { connection in
            let last = try connection.first("SELECT MAX(seq) AS seq FROM bundles WHERE direction = 'out'")
            let (next, overflow) = (try last?.optionalInteger("seq") ?? 0).addingReportingOverflow(1)
            return overflow ? .max : next
        }
    }

    /// Ids of all bundles that came in, and every repository that ever was published from one, in order.
    package func imported() async throws -> (bundles: [String], repositories: [RepositoryID]) {
        try await database.read { connection in
            let bundles = try connection.query(
                "SELECT bundle_id FROM bundles WHERE direction = 'in' ORDER BY bundle_id"
            ).map { try $0.text("bundle_id") }
            let repositories = try connection.query(
                """
                SELECT DISTINCT r.kind, r.path, '' AS commit_id, '' AS outcome, NULL AS reason
                FROM bundle_repositories r JOIN bundles b ON b.id = r.bundle
                WHERE b.direction = 'in' AND r.outcome <> 'refused' ORDER BY r.kind, r.path
                """
            ).compactMap(Self.repository).map(\.id)
            return (bundles, repositories)
        }
    }

    /// Names of the repositories that came by a mirror, in order.
    package func repositories(ofMirror mirror: String) async throws -> [RepositoryID] {
        try await database.read { connection in
            try connection.query(
                "SELECT kind, namespace, name FROM repositories WHERE origin = 'mirror' AND mirror = ?",
                [.text(mirror)]
            ).compactMap { row -> RepositoryID? in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")) else { return nil }
                return RepositoryID(kind: kind, namespace: try row.text("namespace"), name: try row.text("name"))
            }.sorted { $0.description < $1.description }
        }
    }

    /// Those of some blobs that a mirrored repository here holds and may give out. Content of local repositories is not
    /// among them: no bundle may open it by naming its digest.
    package func held(among blobs: some Sequence<BlobID> & Sendable) async throws -> Set<BlobID> {
        try await database.read { connection in
            var held: Set<BlobID> = []
            for blob in blobs {
                let row = try connection.first(
                    """
                    SELECT l.size FROM links l JOIN repositories r ON r.id = l.repository_id
                    JOIN blobs s ON s.sha256 = l.sha256
                    WHERE l.sha256 = ? AND l.is_proved = 1 AND r.origin = 'mirror'
                    """, [.text(blob.hex)])
                if row != nil { held.insert(blob) }
            }
            return held
        }
    }

    /// Every stored blob that a repository links and may give out, in order.
    package func blobs(of repository: Int64) async throws -> [BlobID] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT l.sha256 FROM links l JOIN blobs s ON s.sha256 = l.sha256
                WHERE l.repository_id = ? AND l.is_proved = 1 ORDER BY l.sha256
                """, [.integer(repository)]
            ).compactMap { BlobID(try $0.text("sha256")) }
        }
    }

    /// Notes a bundle that went out.
    package func note(
        _ record: BundleRecord, contents: [(id: BlobID, size: Int64)], repositories: [BundleRecord.Repository]
    ) async throws {
        let key = identifiers.next()
        try await database.write { connection in
            try Self.insert(record, key: key, contents: contents, repositories: repositories, in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: .operator, "bundle.export", "bundle:\(record.bundleID)",
                    detail: .object([
                        .init(key: "seq", value: .integer(record.sequence)),
                        .init(key: "by", value: .string(record.handledBy)),
                        .init(key: "recipient", value: record.recipient.map { .string($0) } ?? .null),
                        .init(key: "blobs", value: .integer(Int64(contents.count))),
                    ])), at: record.handledAt, in: connection)
        }
    }

    /// Writes a bundle down; what was known of the same one before is replaced.
    static func insert(
        _ record: BundleRecord, key: Int64, contents: [(id: BlobID, size: Int64)],
        repositories: [BundleRecord.Repository], in connection: any Connection
    ) throws {
        if let old = try connection.first(
            "SELECT id FROM bundles WHERE bundle_id = ? AND direction = ?",
            [.text(record.bundleID), .text(record.direction.rawValue)])?.integer("id")
        {
            for table in ["bundle_contents", "bundle_repositories"] {
                try connection.execute("DELETE FROM \(table) WHERE bundle = ?", [.integer(old)])
            }
            try connection.execute("DELETE FROM bundles WHERE id = ?", [.integer(old)])
        }
        try connection.execute(
            """
            INSERT INTO bundles (id, bundle_id, direction, seq, key_id, recipient, made_at, handled_at, handled_by,
                bytes, state, file, statement)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(key), .text(record.bundleID), .text(record.direction.rawValue), .integer(record.sequence),
                .text(record.keyID), Value(record.recipient), .integer(record.madeAt), .integer(record.handledAt),
                .text(record.handledBy), .integer(record.bytes), .text(record.state.rawValue), Value(record.file),
                .text(record.statement),
            ])
        for content in contents {
            try connection.execute(
                "INSERT INTO bundle_contents (bundle, sha256, size) VALUES (?, ?, ?)",
                [.integer(key), .text(content.id.hex), .integer(content.size)])
        }
        for repository in repositories {
            try connection.execute(
                """
                INSERT INTO bundle_repositories (bundle, kind, path, commit_id, outcome, reason)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(key), .text(repository.id.kind.rawValue), .text(repository.id.path),
                    .text(repository.commit), .text(repository.outcome), Value(repository.reason),
                ])
        }
    }

    private static func record(_ row: Row) throws -> BundleRecord {
        BundleRecord(
            bundleID: try row.text("bundle_id"),
            direction: BundleRecord.Direction(rawValue: try row.text("direction")) ?? .incoming,
            sequence: try row.integer("seq"), keyID: try row.text("key_id"),
            recipient: try row.optionalText("recipient"), madeAt: try row.integer("made_at"),
            handledAt: try row.integer("handled_at"), handledBy: try row.text("handled_by"),
            bytes: try row.integer("bytes"),
            state: BundleRecord.State(rawValue: try row.text("state")) ?? .partial,
            file: try row.optionalText("file"), statement: try row.text("statement"))
    }

    private static func repository(_ row: Row) throws -> BundleRecord.Repository? {
        guard let kind = RepositoryKind(rawValue: try row.text("kind")),
            let id = RepositoryID(kind: kind, path: try row.text("path"))
        else { return nil }
        return BundleRecord.Repository(
            id: id, commit: try row.text("commit_id"), outcome: try row.text("outcome"),
            reason: try row.optionalText("reason"))
    }
}
