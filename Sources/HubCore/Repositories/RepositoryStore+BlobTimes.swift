import SQL

extension RepositoryStore {
    /// Since when each of these LFS objects is stored and verified, in milliseconds since 1970, of those that are this
    /// repository's: what others have here is nobody's business (S13).
    package func verifiedTimes(of blobs: [BlobID], in repository: Repository) async throws -> [BlobID: Int64] {
        let wanted = Array(Set(blobs))
        guard !wanted.isEmpty else { return [:] }
        let key = repository.key
        return try await database.read { connection in
            var found: [BlobID: Int64] = [:]
            for start in stride(from: 0, to: wanted.count, by: 500) {
                let part = wanted[start..<min(wanted.count, start + 500)]
                let marks = part.map { _ in "?" }.joined(separator: ", ")
                let rows = try connection.query(
                    """
                    SELECT b.sha256, b.stored_at FROM blobs b JOIN links l ON l.sha256 = b.sha256
                    WHERE l.repository_id = ? AND l.is_proved = 1 AND b.sha256 IN (\(marks))
                    """, [.integer(key)] + part.map { .text($0.hex) })
                for row in rows {
                    guard let id = BlobID(try row.text("sha256")) else { continue }
                    found[id] = try row.integer("stored_at")
                }
            }
            return found
        }
    }
}
