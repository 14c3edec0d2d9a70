import Crypto
package import SQL

/// What was stated about revisions, by whom, and what is attached to them.
package struct ProvenanceStore: Sendable {
    let store: RepositoryStore

    package init(store: RepositoryStore) { self.store = store }

    private static let columns = "id, predicate_type, key_id, source, envelope, sha256, stored_at"

    // MARK: Statements

    /// All statements about a commit, in the order in which they were stored.
    package func statements(of key: Int64, commit: CommitID) async throws -> [StoredStatement] {
        try await store.database.read { connection in
            try connection.query(
                "SELECT \(Self.columns) FROM statements WHERE repository_id = ? AND commit_id = ? ORDER BY id",
                [.integer(key), .text(commit.hex)]
            ).map(Self.statement)
        }
    }

    /// Stores statements about a commit. One that is there already stays as it is.
    /// - Parameter body: what else belongs into the transaction for each that is new.
    /// - Returns: how many were new.
    @discardableResult
    package func add(
        _ statements: [NewStatement], of key: Int64, commit: CommitID, digests: [FileDigest] = [],
        alongside body: @escaping @Sendable (NewStatement, any Connection) throws -> Void = { _, _ in }
    ) async throws -> Int {
        let now = store.clock.now()
        let identifiers = store.identifiers
        return try await store.database.write { connection in
            var added = 0
            for statement in statements {
                guard
                    try Self.insert(
                        statement, of: key, commit: commit, id: identifiers.next(), now: now, in: connection)
                else { continue }
                added += 1
                try body(statement, connection)
            }
            try Self.insert(digests, of: key, commit: commit, in: connection)
            return added
        }
    }

    /// - Returns: whether it was new.
    static func insert(
        _ statement: NewStatement, of key: Int64, commit: CommitID, id: Int64, now: Int64,
        in connection: any Connection
    ) throws -> Bool {
        let digest = statement.sha256
        let known = try connection.first(
            "SELECT id FROM statements WHERE repository_id = ? AND commit_id = ? AND sha256 = ?",
            [.integer(key), .text(commit.hex), .text(digest)])
        guard known == nil else { return false }
        try connection.execute(
            """
            INSERT INTO statements
                (id, repository_id, commit_id, sha256, predicate_type, key_id, source, envelope, stored_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(id), .integer(key), .text(commit.hex), .text(digest), .text(statement.predicateType),
                .text(statement.keyID), .text(statement.source.text),
                .text(String(decoding: statement.envelope, as: UTF8.self)), .integer(now),
            ])
        let name =
            try connection.first("SELECT kind, namespace, name FROM repositories WHERE id = ?", [.integer(key)])
            .map(TransparencyLog.name) ?? ""
        try TransparencyLog.append(
            TransparencyLeaf(
                .statement, of: key, subject: name,
                detail: .members([
                    ("commit", .string(commit.hex)), ("sha256", .string(digest)),
                    ("type", .string(statement.predicateType)), ("key", .string(statement.keyID)),
                    ("source", .string(statement.source.text)),
                ])), at: now, in: connection)
        return true
    }

    /// Notes where content with these digests was first stated, and the SHA-256 of small files.
    static func insert(_ digests: [FileDigest], of key: Int64, commit: CommitID, in connection: any Connection) throws {
        for file in digests {
            try connection.execute(
                """
                INSERT INTO stated_digests (repository_id, sha256, commit_id, path)
                SELECT ?, ?, ?, ? WHERE NOT EXISTS
                    (SELECT 1 FROM stated_digests WHERE repository_id = ? AND sha256 = ?)
                """,
                [
                    .integer(key), .text(file.sha256), .text(commit.hex), .text(file.path), .integer(key),
                    .text(file.sha256),
                ])
        }
    }

    private static func statement(_ row: Row) throws -> StoredStatement {
        StoredStatement(
            id: try row.integer("id"), predicateType: try row.text("predicate_type"), keyID: try row.text("key_id"),
            source: StoredStatement.Source(text: try row.text("source")),
            envelope: Array(try row.text("envelope").utf8), sha256: try row.text("sha256"),
            storedAt: try row.integer("stored_at"))
    }

    // MARK: Digests

    /// A place where content with a digest was stated.
    package struct Holder: Sendable, Hashable {
        package let repository: Int64
        package let id: RepositoryID
        package let commit: CommitID
        package let path: String
    }

    /// In which repositories content with a digest was stated, with the first commit and path in each.
    package func holders(of sha256: String, limit: Int = 1_000) async throws -> [Holder] {
        try await store.database.read { connection in
            try connection.query(
                """
                SELECT s.repository_id, s.commit_id, s.path, r.kind, r.namespace, r.name
                FROM stated_digests s JOIN repositories r ON r.id = s.repository_id
                WHERE s.sha256 = ? ORDER BY s.repository_id LIMIT ?
                """, [.text(sha256), .integer(Int64(limit))]
            ).compactMap { row in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")),
                    let id = RepositoryID(
                        kind: kind, namespace: try row.text("namespace"), name: try row.text("name")),
                    let commit = CommitID(try row.text("commit_id"))
                else { return nil }
                return Holder(
                    repository: try row.integer("repository_id"), id: id, commit: commit, path: try row.text("path"))
            }
        }
    }

    /// What a repository was called in subjects before it was renamed, in small letters.
    package func formerNames(of key: Int64) async throws -> [String] {
        try await store.database.read { connection in
            try connection.query(
                "SELECT kind, namespace_key, name_key FROM renamed_repositories WHERE repository_id = ?",
                [.integer(key)]
            ).compactMap { row in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")) else { return nil }
                return StatementMatch.name(kind, "\(try row.text("namespace_key"))/\(try row.text("name_key"))")
            }
        }
    }

    // MARK: Attachments

    /// What is attached to a commit, without what was never asked for.
    package func attachments(of key: Int64, commit: CommitID) async throws -> [StoredAttachment] {
        try await store.database.read { connection in
            try connection.query(
                """
                SELECT kind, inputs, sha256, key_id, content, made_at FROM attachments
                WHERE repository_id = ? AND commit_id = ? ORDER BY kind
                """, [.integer(key), .text(commit.hex)]
            ).compactMap(Self.attachment)
        }
    }

    package func attachment(_ kind: StoredAttachment.Kind, of key: Int64, commit: CommitID) async throws
        -> StoredAttachment?
    {
        try await store.database.read { connection in
            try connection.first(
                """
                SELECT kind, inputs, sha256, key_id, content, made_at FROM attachments
                WHERE repository_id = ? AND commit_id = ? AND kind = ?
                """, [.integer(key), .text(commit.hex), .text(kind.rawValue)]
            ).flatMap(Self.attachment)
        }
    }

    /// Keeps an attachment in place of one that was made from other inputs.
    /// - Returns: what is kept: what somebody else made of the same inputs meanwhile stays.
    package func keep(_ attachment: StoredAttachment, of key: Int64, commit: CommitID) async throws
        -> StoredAttachment
    {
        try await store.database.write { connection in
            let known = try connection.first(
                """
                SELECT kind, inputs, sha256, key_id, content, made_at FROM attachments
                WHERE repository_id = ? AND commit_id = ? AND kind = ?
                """, [.integer(key), .text(commit.hex), .text(attachment.kind.rawValue)]
            ).flatMap(Self.attachment)
            if let known, known.inputs == attachment.inputs { return known }
            try connection.upsert(
                into: "attachments",
                key: [
                    ("repository_id", .integer(key)), ("commit_id", .text(commit.hex)),
                    ("kind", .text(attachment.kind.rawValue)),
                ],
                values: [
                    ("inputs", .text(attachment.inputs)), ("sha256", .text(attachment.sha256)),
                    ("key_id", .text(attachment.keyID)),
                    ("content", .text(String(decoding: attachment.content, as: UTF8.self))),
                    ("made_at", .integer(attachment.madeAt)),
                ])
            return attachment
        }
    }

    private static func attachment(_ row: Row) throws -> StoredAttachment? {
        guard let kind = StoredAttachment.Kind(rawValue: try row.text("kind")) else { return nil }
        return StoredAttachment(
            kind: kind, inputs: try row.text("inputs"), keyID: try row.text("key_id"),
            content: Array(try row.text("content").utf8), madeAt: try row.integer("made_at"))
    }
}

/// A document about a revision that is made from what is stored, and can be made again.
package struct StoredAttachment: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// An OpenSSF Model Signing bundle.
        case oms
        case cycloneDX = "cyclonedx-1.6"
        case croissant
    }

    package let kind: Kind
    /// SHA-256 of what it was made from, in hexadecimal digits.
    package let inputs: String
    /// ``VerifyingKey/id`` of the key that signed it; empty for what is not signed.
    package let keyID: String
    /// JSON.
    package let content: [UInt8]
    /// Milliseconds since 1970.
    package let madeAt: Int64

    package init(kind: Kind, inputs: String, keyID: String, content: [UInt8], madeAt: Int64) {
        self.kind = kind
        self.inputs = inputs
        self.keyID = keyID
        self.content = content
        self.madeAt = madeAt
    }

    /// SHA-256 of `content` in hexadecimal digits.
    package var sha256: String { Hexadecimal.encode(SHA256.hash(data: content)) }
}
