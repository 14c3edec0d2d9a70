import SQL

extension RepositoryStore {
    /// Bytes of large files that are stored here, by repository key. A file that several have counts for each.
    package func storedBytesByRepository() async throws -> [Int64: Int64] {
        try await database.read { connection in
            var bytes: [Int64: Int64] = [:]
            try connection.forEach(
                """
                SELECT l.repository_id AS repository_id, SUM(l.size) AS bytes FROM links l
                JOIN blobs b ON b.sha256 = l.sha256 GROUP BY l.repository_id
                """, []
            ) { row in
                bytes[try row.integer("repository_id")] = try row.integer("bytes")
                return true
            }
            return bytes
        }
    }

    /// Bytes of large files of one repository that are stored here.
    package func storedBytes(of key: Int64) async throws -> Int64 {
        try await database.read { connection in
            try connection.first(
                """
                SELECT CAST(COALESCE(SUM(l.size), 0) AS BIGINT) AS bytes FROM links l
                JOIN blobs b ON b.sha256 = l.sha256 WHERE l.repository_id = ?
                """, [.integer(key)]
            )?.integer("bytes") ?? 0
        }
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
