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
}
