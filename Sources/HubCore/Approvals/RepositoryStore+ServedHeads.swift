import SQL

extension RepositoryStore {
    /// The last commit of a branch that passed its gate, as far as that was noted.
    func servedHead(of branch: RefName, in key: Int64) async throws -> CommitID? {
        try await database.read { connection in
            try connection.first(
                "SELECT commit_id FROM served_heads WHERE repository_id = ? AND branch = ?",
                [.integer(key), .text(branch.name)]
            ).flatMap { CommitID(try $0.text("commit_id")) }
        }
    }

    /// Notes it, where it is another one.
    func note(servedHead commit: CommitID, of branch: RefName, in key: Int64) async throws {
        if try await servedHead(of: branch, in: key) == commit { return }
        let now = clock.now()
        try await database.write { connection in
            try connection.upsert(
                into: "served_heads", key: [("repository_id", .integer(key)), ("branch", .text(branch.name))],
                values: [("commit_id", .text(commit.hex)), ("served_at", .integer(now))])
        }
    }
}
