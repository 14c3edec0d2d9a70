import SQL

/// A blob that a repository keeps, on whatever branch and however long ago.
package struct LargeFile: Sendable, Hashable {
    package let pointer: LFSPointer
    /// Where it was first committed; nil for what was uploaded and not committed.
    package let path: String?
    /// When its bytes were stored, in milliseconds since 1970; 0 when they are not here.
    package let storedAt: Int64
}

extension RepositoryService {
    /// The large files of a repository in the order of their digests.
    /// - Parameters:
    ///   - after: the last one seen; nil for the first.
    ///   - repository: opened for `.contentWrite`.
    package func largeFiles(of repository: Repository, after: BlobID?, limit: Int) async throws -> [LargeFile] {
        try requireWrite(repository)
        return try await store.largeFiles(of: repository.key, after: after, limit: limit)
    }
}

extension RepositoryStore {
    func largeFiles(of key: Int64, after: BlobID?, limit: Int) async throws -> [LargeFile] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT l.sha256, l.size, l.path, b.stored_at FROM links l LEFT JOIN blobs b ON b.sha256 = l.sha256
                WHERE l.repository_id = ? AND l.is_proved = 1 AND l.sha256 > ? ORDER BY l.sha256 LIMIT ?
                """, [.integer(key), .text(after?.hex ?? ""), .integer(Int64(limit))]
            ).compactMap { row in
                guard let oid = BlobID(try row.text("sha256")) else { return nil }
                return LargeFile(
                    pointer: LFSPointer(oid: oid, size: try row.integer("size")),
                    path: try row.optionalText("path"), storedAt: try row.optionalInteger("stored_at") ?? 0)
            }
        }
    }
}
