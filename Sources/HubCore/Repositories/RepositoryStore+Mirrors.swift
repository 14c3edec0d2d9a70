import SQL

/// When a mirrored repository was last compared with its upstream.
package struct MirrorState: Sendable, Hashable {
    /// Milliseconds since 1970 of the last good answer.
    package let checkedAt: Int64
    /// Milliseconds since 1970 of the last failure since then, and what it was.
    package let failedAt: Int64?
    package let failure: String?
    /// Milliseconds since 1970 when the upstream told of a change that has not been looked at; nil for none.
    package let changedAt: Int64?
}

extension RepositoryStore {
    package func mirrorState(of key: Int64) async throws -> MirrorState? {
        try await database.read { connection in
            try connection.first(
                "SELECT checked_at, failed_at, failure, changed_at FROM mirror_states WHERE repository_id = ?",
                [.integer(key)]
            ).map { row in
                MirrorState(
                    checkedAt: try row.integer("checked_at"), failedAt: try row.optionalInteger("failed_at"),
                    failure: try row.optionalText("failure"), changedAt: try row.optionalInteger("changed_at"))
            }
        }
    }

    /// Notes that the upstream answered.
    /// - Parameter asked: milliseconds since 1970 of the question: what changed since then is still to be looked at.
    package func noteChecked(_ key: Int64, asked: Int64) async throws {
        let now = clock.now()
        try await database.write { connection in
            let row = try connection.first(
                "SELECT changed_at FROM mirror_states WHERE repository_id = ?", [.integer(key)])
            let changed = try row?.optionalInteger("changed_at").flatMap { $0 > asked ? $0 : nil }
            try connection.upsert(
                into: "mirror_states", key: [("repository_id", .integer(key))],
                values: [
                    ("checked_at", .integer(now)), ("failed_at", .null), ("failure", .null),
                    ("changed_at", Value(changed)),
                ])
        }
    }

    /// Notes that the upstream did not answer; the last good state stays.
    package func noteFailure(_ failure: String, of key: Int64) async throws {
        let now = clock.now()
        try await database.write { connection in
            let row = try connection.first(
                "SELECT checked_at FROM mirror_states WHERE repository_id = ?", [.integer(key)])
            try connection.upsert(
                into: "mirror_states", key: [("repository_id", .integer(key))],
                values: [
                    ("checked_at", .integer(try row?.integer("checked_at") ?? 0)), ("failed_at", .integer(now)),
                    ("failure", .text(failure)),
                ])
        }
    }

    /// How far the changes of an upstream's feed were compared with what is here; 0 at first.
    static func feedCursor(mirror: String, upstream: String, in connection: any Connection) throws -> Int64 {
        try connection.first(
            "SELECT last_version FROM feed_cursors WHERE mirror = ? AND upstream = ?",
            [.text(mirror), .text(upstream)])?.integer("last_version") ?? 0
    }

    /// Notes a page of an upstream's feed: mirrored repositories that changed are due to be looked at.
    static func noteChanges(
        _ changes: [(kind: RepositoryKind, path: String)], mirror: String, upstream: String, cursor: Int64, now: Int64,
        in connection: any Connection
    ) throws {
        for change in changes {
            try connection.execute(
                """
                UPDATE mirror_states SET changed_at = ? WHERE repository_id IN (
                    SELECT id FROM repositories
                    WHERE kind = ? AND mirror = ? AND upstream = ? AND upstream_key = ?)
                """,
                [
                    .integer(now), .text(change.kind.rawValue), .text(mirror), .text(upstream),
                    .text(RemoteCatalogue.key(change.path)),
                ])
        }
        try connection.upsert(
            into: "feed_cursors", key: [("mirror", .text(mirror)), ("upstream", .text(upstream))],
            values: [("last_version", .integer(cursor)), ("read_at", .integer(now))])
    }

    /// How much of a commit is in the object database: nil when it is not there.
    package func acquisition(of commit: CommitID, in key: Int64) async throws -> (hasHistory: Bool, at: Int64)? {
        try await database.read { connection in
            try connection.first(
                "SELECT has_history, acquired_at FROM acquired_commits WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)]
            ).map { (hasHistory: try $0.boolean("has_history"), at: try $0.integer("acquired_at")) }
        }
    }

    /// The newest acquired commits, at most `limit`.
    package func acquiredCommits(of key: Int64, limit: Int) async throws -> [CommitID] {
        try await database.read { connection in
            try connection.query(
                "SELECT commit_id FROM acquired_commits WHERE repository_id = ? ORDER BY acquired_at DESC LIMIT ?",
                [.integer(key), .integer(Int64(limit))]
            ).compactMap { CommitID(try $0.text("commit_id")) }
        }
    }

    /// Whether anything of a repository was acquired with its history.
    package func hasHistory(_ key: Int64) async throws -> Bool {
        try await database.read { connection in
            try connection.first(
                "SELECT commit_id FROM acquired_commits WHERE repository_id = ? AND has_history = 1", [.integer(key)])
                != nil
        }
    }

    /// Records an acquired commit with its links and its provenance, in one transaction. The record is written once
    /// and never changed (a second acquisition, with history, keeps the first record).
    package func noteAcquisition(
        of commit: CommitID, in key: Int64, hasHistory: Bool, links: [BlobLink], provenance: ProvenanceRecord?,
        statements: [NewStatement] = [], digests: [FileDigest] = []
    ) async throws {
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            try Self.insert(links, of: key, areProved: false, in: connection)
            let known =
                try connection.first(
                    "SELECT has_history FROM acquired_commits WHERE repository_id = ? AND commit_id = ?",
                    [.integer(key), .text(commit.hex)])
            let history = try known?.boolean("has_history") ?? false
            try connection.upsert(
                into: "acquired_commits", key: [("repository_id", .integer(key)), ("commit_id", .text(commit.hex))],
                values: [("has_history", Value(hasHistory || history)), ("acquired_at", .integer(now))])
            for statement in statements {
                _ = try ProvenanceStore.insert(
                    statement, of: key, commit: commit, id: identifiers.next(), now: now, in: connection)
            }
            try ProvenanceStore.insert(digests, of: key, commit: commit, in: connection)
            guard known == nil, let provenance else { return }
            try Self.log(provenance, of: commit, in: key, at: now, connection)
            try Self.appendToFeed(commit, of: key, changeLog: "mirrored", now: now, in: connection)
            let existing = try connection.first(
                "SELECT commit_id FROM provenance WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)])
            guard existing == nil else { return }
            try connection.execute(
                """
                INSERT INTO provenance (repository_id, commit_id, record, record_sha256, created_at)
                VALUES (?, ?, ?, ?, ?)
                """,
                [
                    .integer(key), .text(commit.hex), .text(provenance.json), .text(provenance.sha256), .integer(now),
                ])
        }
    }

    private static func log(
        _ provenance: ProvenanceRecord, of commit: CommitID, in key: Int64, at now: Int64, _ connection: any Connection
    ) throws {
        // A record that is there already stays: the log tells of the one that is kept.
        let record =
            try connection.first(
                "SELECT record_sha256 FROM provenance WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)])?.text("record_sha256") ?? provenance.sha256
        let name =
            try connection.first("SELECT kind, namespace, name FROM repositories WHERE id = ?", [.integer(key)])
            .map(TransparencyLog.name) ?? ""
        try TransparencyLog.append(
            .acquisition(of: key, named: name, commit: commit.hex, record: record, contents: provenance.contents),
            at: now, in: connection)
    }

    /// The immutable record of how a commit came here; nil for local content.
    package func provenance(of commit: CommitID, in key: Int64) async throws -> ProvenanceRecord? {
        try await database.read { connection in
            try connection.first(
                "SELECT record, record_sha256 FROM provenance WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)]
            ).map { ProvenanceRecord(json: try $0.text("record"), sha256: try $0.text("record_sha256")) }
        }
    }
}
