import SQL

extension RepositoryStore {
    /// Repositories of every kind in the order of their keys, with the newest commit that is known of each, for whoever
    /// may see all of them: reports on an organisation or on the hub.
    /// - Parameters:
    ///   - namespace: nil for every one.
    ///   - key: of the last one seen; nil for the first.
    ///   - limit: at most 1 000.
    package func inventory(of namespace: String?, after key: Int64?, limit: Int) async throws -> [(
        repository: Repository, head: CommitID?
    )] {
        var arguments: [Value] = [.integer(key ?? Int64.min)]
        var condition = "r.id > ?"
        if let namespace {
            condition += " AND r.namespace_key = ?"
            arguments.append(.text(RepositoryID.key(namespace)))
        }
        arguments.append(.integer(Int64(max(0, min(limit, 1_000)))))
        let bound = arguments
        // What policy refuses was never shown, and has no head: its last commit that came stands for it.
        let statement = """
            SELECT \(Self.columns), r.head,
                (SELECT MIN(b.commit_id) FROM acquired_commits b WHERE b.repository_id = r.id AND b.acquired_at =
                    (SELECT MAX(c.acquired_at) FROM acquired_commits c WHERE c.repository_id = r.id)) AS acquired
            FROM repositories r WHERE \(condition) ORDER BY r.id LIMIT ?
            """
        return try await database.read { connection in
            try connection.query(statement, bound).map { row in
                (
                    Repository(record: try Self.record(row), principal: .operator, verb: .metaRead),
                    try (row.optionalText("head") ?? row.optionalText("acquired")).flatMap { CommitID($0) }
                )
            }
        }
    }
}
