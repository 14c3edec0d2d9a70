package import SQL

/// A commit that was written here and of which no statement was signed yet.
package struct DueStatement: Sendable, Hashable {
    package let key: Int64
    package let repository: RepositoryID
    package let commit: CommitID
    /// The first branch or tag that it came to.
    package let ref: String
    /// What that ref named before; nil for a new one.
    package let previous: CommitID?
    package let account: String
    package let accountID: Int64
    /// Nil where no token was used.
    package let tokenID: Int64?
    package let surface: String
    /// As the audit log names it.
    package let action: String
    /// Milliseconds since 1970.
    package let at: Int64
}

extension ProvenanceStore {
    /// A commit that cannot be stated after so many attempts is left alone.
    private static let maximumFailures: Int64 = 8

    /// Notes in the transaction that moves refs what there is to state about it, so that no commit is missed.
    static func noteDue(
        _ updates: [RefUpdate], of repository: Repository, by surface: WriteSurface, action: String, now: Int64,
        in connection: any Connection
    ) throws {
        let principal = repository.principal
        for update in updates {
            guard let commit = update.peeled ?? update.target, update.name.isBranch || update.name.isTag else {
                continue
            }
            let key: [Value] = [.integer(repository.key), .text(commit.hex)]
            let known = try connection.first(
                "SELECT id FROM statements WHERE repository_id = ? AND commit_id = ? AND source = 'own'", key)
            let due = try connection.first(
                "SELECT at FROM statements_due WHERE repository_id = ? AND commit_id = ?", key)
            guard known == nil, due == nil else { continue }
            try connection.execute(
                """
                INSERT INTO statements_due
                    (repository_id, commit_id, ref, previous, account, account_id, token_id, surface, action, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                key + [
                    .text(String(update.name.name.prefix(255))), Value(update.expected?.hex),
                    .text(principal.label), .integer(principal.user?.id ?? 0), Value(principal.token?.id),
                    .text(surface.rawValue), .text(action),
                    .integer(now),
                ])
        }
    }

    /// What is to be stated, the oldest first; of one repository or commit where they are named.
    package func due(of key: Int64? = nil, commit: CommitID? = nil, limit: Int = 16) async throws -> [DueStatement] {
        try await store.database.read { connection in
            var condition = "d.failures < \(Self.maximumFailures)"
            var values: [Value] = []
            if let key {
                condition += " AND d.repository_id = ?"
                values.append(.integer(key))
            }
            if let commit {
                condition += " AND d.commit_id = ?"
                values.append(.text(commit.hex))
            }
            return try connection.query(
                """
                SELECT d.repository_id, d.commit_id, d.ref, d.previous, d.account, d.account_id, d.token_id,
                    d.surface, d.action, d.at, r.kind, r.namespace, r.name
                FROM statements_due d JOIN repositories r ON r.id = d.repository_id
                WHERE \(condition) ORDER BY d.failures, d.at LIMIT ?
                """, values + [.integer(Int64(limit))]
            ).compactMap(Self.due)
        }
    }

    /// Stores the statement about a commit that was written here; once only, whoever else does the same.
    /// - Parameter body: what else belongs into the transaction.
    package func settle(
        _ due: DueStatement, by statement: NewStatement, digests: [FileDigest],
        alongside body: @escaping @Sendable (any Connection) throws -> Void = { _ in }
    ) async throws {
        let now = store.clock.now()
        let id = store.identifiers.next()
        try await store.database.write { connection in
            let key: [Value] = [.integer(due.key), .text(due.commit.hex)]
            let removed = try connection.execute(
                "DELETE FROM statements_due WHERE repository_id = ? AND commit_id = ?", key)
            guard removed > 0 else { return }
            _ = try Self.insert(statement, of: due.key, commit: due.commit, id: id, now: now, in: connection)
            try Self.insert(digests, of: due.key, commit: due.commit, in: connection)
            try body(connection)
        }
    }

    /// Leaves out what there is nothing to state about.
    package func forget(_ due: DueStatement) async throws {
        try await store.database.write { connection in
            try connection.execute(
                "DELETE FROM statements_due WHERE repository_id = ? AND commit_id = ?",
                [.integer(due.key), .text(due.commit.hex)])
        }
    }

    /// Notes that a statement could not be made: others come first from now on.
    package func noteFailure(of due: DueStatement) async throws {
        try await store.database.write { connection in
            try connection.execute(
                "UPDATE statements_due SET failures = failures + 1 WHERE repository_id = ? AND commit_id = ?",
                [.integer(due.key), .text(due.commit.hex)])
        }
    }

    private static func due(_ row: Row) throws -> DueStatement? {
        guard let kind = RepositoryKind(rawValue: try row.text("kind")),
            let id = RepositoryID(kind: kind, namespace: try row.text("namespace"), name: try row.text("name")),
            let commit = CommitID(try row.text("commit_id"))
        else { return nil }
        return DueStatement(
            key: try row.integer("repository_id"), repository: id, commit: commit, ref: try row.text("ref"),
            previous: try row.optionalText("previous").flatMap { CommitID($0) }, account: try row.text("account"),
            accountID: try row.integer("account_id"), tokenID: try row.optionalInteger("token_id"),
            surface: try row.text("surface"), action: try row.text("action"), at: try row.integer("at"))
    }
}
