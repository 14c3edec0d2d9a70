import SQL

/// What one repository keeps of its namespace's storage.
package struct RepositoryHolding: Sendable {
    package let repository: Repository
    package let bytes: Int64
}

extension RepositoryStore {
    /// The repositories of a namespace that a principal may discover, of every kind, the largest first.
    ///
    /// A repository holds what git was given and the large files that it links, each once.
    /// - Parameters:
    ///   - offset: how many of the largest are left out.
    ///   - limit: at most 1 000.
    /// - Returns: a page, and the bytes of all pages together.
    package func holdings(of namespace: String, for principal: Principal, offset: Int, limit: Int) async throws
        -> (page: [RepositoryHolding], total: Int64)
    {
        let now = clock.now()
        let limit = max(0, min(limit, 1_000))
        return try await database.read { connection in
            var arguments: [Value] = [.text(RepositoryID.key(namespace))]
            let visible = Self.visibilityCondition(for: principal, now: now, arguments: &arguments)
            let source = "FROM repositories r WHERE r.namespace_key = ? AND \(visible)"
            let rows = try connection.query(
                """
                SELECT \(Self.columns), \(Self.heldBytes) AS held \(source)
                ORDER BY held DESC, r.id LIMIT ? OFFSET ?
                """, arguments + [.integer(Int64(limit)), .integer(Int64(max(0, offset)))])
            let total = try connection.first(
                """
                SELECT CAST(COALESCE(SUM(s.held), 0) AS BIGINT) AS total
                FROM (SELECT \(Self.heldBytes) AS held \(source)) s
                """, arguments)
            let page = try rows.map { row in
                RepositoryHolding(
                    repository: Repository(record: try Self.record(row), principal: principal, verb: .discover),
                    bytes: try row.integer("held"))
            }
            return (page, try total?.integer("total") ?? 0)
        }
    }

    private static let heldBytes = """
        r.git_bytes + COALESCE((SELECT CAST(SUM(l.size) AS BIGINT) FROM links l
        WHERE l.repository_id = r.id AND l.is_proved = 1), 0)
        """
}
