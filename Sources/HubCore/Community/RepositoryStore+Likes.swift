import SQL

extension RepositoryStore {
    /// Which of these repositories a principal likes.
    package func liked(_ keys: [Int64], by principal: Principal) async throws -> Set<Int64> {
        guard let user = principal.user, !keys.isEmpty else { return [] }
        let marks = keys.map { _ in "?" }.joined(separator: ", ")
        return try await database.read { connection in
            Set(
                try connection.query(
                    "SELECT repository_id FROM likes WHERE user_id = ? AND repository_id IN (\(marks))",
                    [.integer(user.id)] + keys.map(Value.integer)
                ).map { try $0.integer("repository_id") })
        }
    }

    /// The name behind a key that a client was told; nil when nobody has it. Whoever asks has yet to be let in.
    package func name(of key: Int64) async throws -> RepositoryID? {
        try await database.read { connection in
            try connection.first("SELECT \(Self.columns) FROM repositories r WHERE r.id = ?", [.integer(key)])
                .map { try Self.record($0).id }
        }
    }
}
