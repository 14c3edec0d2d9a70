import SQL

extension RepositoryStore {
    /// Bytes of large files of some repositories that are stored here, by repository key; none for those that have none.
    /// A file that several have counts for each.
    package func storedBytes(ofEach keys: [Int64]) async throws -> [Int64: Int64] {
        guard !keys.isEmpty else { return [:] }
        return try await database.read { connection in
            var bytes: [Int64: Int64] = [:]
            for key in keys { bytes[key] = try Self.storedBytes(of: key, connection) }
            return bytes.filter { $0.value > 0 }
        }
    }

    /// Bytes of large files of one repository that are stored here.
    package func storedBytes(of key: Int64) async throws -> Int64 {
        try await database.read { try Self.storedBytes(of: key, $0) }
    }

    private static func storedBytes(of key: Int64, _ connection: any Connection) throws -> Int64 {
        try connection.first(
            """
            SELECT CAST(COALESCE(SUM(l.size), 0) AS BIGINT) AS bytes FROM links l
            JOIN blobs b ON b.sha256 = l.sha256 WHERE l.repository_id = ?
            """, [.integer(key)]
        )?.integer("bytes") ?? 0
    }

    /// Kinds and names of all repositories by key: what came from an upstream by the upstream's name.
    package func namesByKey() async throws -> [Int64: (kind: String, path: String)] {
        try await database.read { connection in
            var names: [Int64: (kind: String, path: String)] = [:]
            try connection.forEach("SELECT id, kind, namespace, name, upstream_path FROM repositories", []) { row in
                let path = try row.optionalText("upstream_path") ?? "\(row.text("namespace"))/\(row.text("name"))"
                names[try row.integer("id")] = (try row.text("kind"), path)
                return true
            }
            return names
        }
    }
}
