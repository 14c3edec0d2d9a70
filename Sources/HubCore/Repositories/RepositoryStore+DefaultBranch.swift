import SQL

extension RepositoryStore {
    /// Makes another branch the default one.
    /// - Parameter head: what that branch holds; nil in a repository without commits.
    func setDefaultBranch(_ name: String, head: HeadFacts?, of repository: Repository) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                "UPDATE repositories SET default_branch = ?, updated_at = ? WHERE id = ?",
                [.text(name), .integer(now), .integer(repository.key)])
            if let head {
                try Self.noteHead(head, of: repository.key, now: now, in: connection)
            }
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "repository.default-branch", repository.id.description,
                    detail: .object([.init(key: "branch", value: .string(name))])), at: now, in: connection)
        }
    }
}
