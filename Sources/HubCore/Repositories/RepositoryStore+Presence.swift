import SQL

extension RepositoryStore {
    /// Those of these mirrors of which everything is here: the commit of their default branch, and every large file
    /// that is known of them.
    package func whole(among keys: [Int64]) async throws -> Set<Int64> {
        guard !keys.isEmpty else { return [] }
        let marks = keys.map { _ in "?" }.joined(separator: ", ")
        let bound = keys.map { Value.integer($0) }
        return try await database.read { connection in
            let acquired = try connection.query(
                """
                SELECT r.id, r.default_branch, h.name FROM repositories r
                JOIN refs h ON h.repository_id = r.id
                JOIN acquired_commits a ON a.repository_id = r.id AND a.commit_id = COALESCE(h.peeled, h.target)
                WHERE r.id IN (\(marks))
                """, bound)
            let heads = try acquired.filter {
                try $0.text("name") == RefName.branch($0.text("default_branch"))?.name
            }
            let lacking = try connection.query(
                """
                SELECT DISTINCT l.repository_id FROM links l LEFT JOIN blobs b ON b.sha256 = l.sha256
                WHERE l.repository_id IN (\(marks)) AND b.sha256 IS NULL
                """, bound)
            return Set(try heads.map { try $0.integer("id") })
                .subtracting(try lacking.map { try $0.integer("repository_id") })
        }
    }
}
