import SQL

extension RepositoryStore {
    /// The mirrored repositories of every kind that a principal may discover, the latest changed first, with the number
    /// of all of them.
    package func mirrors(for principal: Principal, offset: Int, limit: Int) async throws
        -> (repositories: [Repository], total: Int64)
    {
        var arguments: [Value] = []
        let visible = Self.visibilityCondition(for: principal, now: clock.now(), arguments: &arguments)
        let filter = "r.origin = 'mirror' AND \(visible)"
        let bound = arguments
        let page: [Value] = [.integer(Int64(max(0, min(limit, 1_000)))), .integer(Int64(max(0, offset)))]
        return try await database.read { connection in
            let total = try connection.first("SELECT COUNT(*) AS n FROM repositories r WHERE \(filter)", bound)
            let rows = try connection.query(
                """
                SELECT \(Self.columns) FROM repositories r WHERE \(filter)
                ORDER BY r.updated_at DESC, r.id DESC LIMIT ? OFFSET ?
                """, bound + page)
            let found = try rows.map {
                Repository(record: try Self.record($0), principal: principal, verb: .discover)
            }
            return (found, try total?.integer("n") ?? 0)
        }
    }
}
