import SQL

extension TransparencyLog {
    /// Begins the log of a hub that has none: gives it its name, and tells what was there before it.
    static func prepare(_ database: any Database, clock: WallClock) async throws {
        // Most starts find it, and need no write lock.
        guard try await database.read({ try !hasBegun(in: $0) }) else { return }
        let now = clock.now()
        try await database.write { connection in
            // Another process may have been first.
            guard try !hasBegun(in: connection) else { return }
            try connection.execute(
                "INSERT INTO transparency_origin (id, origin) VALUES (1, ?)", [.text("weir-log/\(salt())")])
            try appendAcquisitions(at: now, in: connection)
            try appendRefs(at: now, in: connection)
            if let last = try connection.first("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1") {
                // The hash covers all records before.
                try append(
                    .audit(sequence: try last.integer("seq"), hash: try last.text("hash")), at: now, in: connection)
            }
        }
    }

    private static func hasBegun(in connection: any Connection) throws -> Bool {
        try connection.first("SELECT id FROM transparency_origin WHERE id = 1") != nil
    }

    private static func appendAcquisitions(at now: Int64, in connection: any Connection) throws {
        try connection.forEach(
            """
            SELECT p.repository_id, p.commit_id, p.record, p.record_sha256, r.kind, r.namespace, r.name
            FROM provenance p JOIN repositories r ON r.id = p.repository_id ORDER BY p.created_at, p.repository_id
            """
        ) { row in
            try append(
                .acquisition(
                    of: try row.integer("repository_id"), named: try name(row), commit: try row.text("commit_id"),
                    record: try row.text("record_sha256"),
                    contents: ProvenanceRecord.contents(ofRecord: try row.text("record"))), at: now, in: connection)
            return true
        }
    }

    private static func appendRefs(at now: Int64, in connection: any Connection) throws {
        try connection.forEach(
            """
            SELECT f.repository_id, f.name AS ref, f.target, r.kind, r.namespace, r.name
            FROM refs f JOIN repositories r ON r.id = f.repository_id WHERE r.origin = 'local'
            ORDER BY f.repository_id, f.name
            """
        ) { row in
            try append(
                .ref(
                    try row.text("ref"), of: try row.integer("repository_id"), named: try name(row), from: nil,
                    to: try row.text("target")), at: now, in: connection)
            return true
        }
    }

    static func name(_ row: Row) throws -> String {
        "\(try row.text("kind")):\(try row.text("namespace"))/\(try row.text("name"))"
    }
}
