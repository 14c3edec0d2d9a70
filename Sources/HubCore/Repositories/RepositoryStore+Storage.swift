import SQL

/// What is stored: what repositories name of it, and what of that takes space.
package struct StorageFigures: Sendable, Hashable {
    /// What some repositories hold, each large file counted in each of them.
    package struct Share: Sendable, Hashable {
        /// A kind of repository, or a namespace.
        package let name: String
        package let repositories: Int64
        package let bytes: Int64
    }

    /// Bytes of large files, each once.
    package let blobBytes: Int64
    package let blobs: Int64
    /// Bytes that git was given.
    package let gitBytes: Int64
    /// Bytes of chunks that came by Xet.
    package let xorbBytes: Int64
    package let kinds: [Share]
    /// Those that hold most, the largest first.
    package let owners: [Share]

    /// What there would be if nothing were shared.
    package var logical: Int64 { kinds.reduce(0) { $0.addingClamped($1.bytes) } }
    package var physical: Int64 { blobBytes.addingClamped(gitBytes).addingClamped(xorbBytes) }
}

extension RepositoryStore {
    /// Reads every repository's row once.
    /// - Parameter owners: how many namespaces are told of.
    package func storageFigures(owners limit: Int = 20) async throws -> StorageFigures {
        try await database.read { connection in
            func sum(_ column: String, _ table: String) throws -> (bytes: Int64, count: Int64) {
                let row = try connection.first(
                    "SELECT CAST(COALESCE(SUM(\(column)), 0) AS BIGINT) AS total, COUNT(*) AS n FROM \(table)", [])
                return (try row?.integer("total") ?? 0, try row?.integer("n") ?? 0)
            }
            let held = """
                SELECT r.kind, r.namespace, r.namespace_key, r.git_bytes + COALESCE((
                    SELECT CAST(SUM(l.size) AS BIGINT) FROM links l WHERE l.repository_id = r.id
                    AND (l.is_proved = 1 OR EXISTS (SELECT 1 FROM blobs b WHERE b.sha256 = l.sha256))), 0) AS held
                FROM repositories r
                """
            func shares(_ name: String, _ key: String, _ tail: String) throws -> [StorageFigures.Share] {
                try connection.query(
                    """
                    SELECT MIN(\(name)) AS name, COUNT(*) AS n, CAST(SUM(held) AS BIGINT) AS total
                    FROM (\(held)) h GROUP BY \(key) ORDER BY total DESC, name \(tail)
                    """, []
                ).map {
                    .init(
                        name: try $0.text("name"), repositories: try $0.integer("n"), bytes: try $0.integer("total"))
                }
            }
            let (blobs, git) = (try sum("size", "blobs"), try sum("git_bytes", "repositories"))
            return StorageFigures(
                blobBytes: blobs.bytes, blobs: blobs.count, gitBytes: git.bytes,
                xorbBytes: try sum("size", "xet_xorbs").bytes, kinds: try shares("kind", "kind", ""),
                owners: try shares("namespace", "namespace_key", "LIMIT \(max(1, min(limit, 100)))"))
        }
    }
}
