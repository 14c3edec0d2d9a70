import Foundation
import SQL

/// A scrub as it is stored.
package struct ScrubRun: Sendable {
    package let id: Int64
    /// Milliseconds since 1970.
    package let startedAt: Int64
    package let updatedAt: Int64
    package let finishedAt: Int64?
    package let position: ScrubPosition
    package let counts: ScrubCounts
}

/// Something that was found damaged, and what came of it.
package struct ScrubDamage: Sendable {
    package let finding: ScrubFinding
    /// Milliseconds since 1970.
    package let foundAt: Int64
    package let healedAt: Int64?
    /// Where the right bytes came from; nil while they are not here.
    package let source: String?
}

/// What scrubs found, and how far they are.
package struct ScrubStore: Sendable {
    private let database: any Database
    private let clock: WallClock

    package init(hub: Hub) {
        database = hub.database
        clock = hub.clock
    }

    /// The scrub that has not ended, or a new one.
    package func begin() async throws -> ScrubRun {
        let now = clock.now()
        return try await database.write { connection in
            if let last = try Self.last(in: connection), last.finishedAt == nil { return last }
            let id = try (Self.last(in: connection)?.id ?? 0) + 1
            try connection.execute(
                "INSERT INTO scrub_runs (id, started_at, updated_at, position, counts) VALUES (?, ?, ?, ?, ?)",
                [
                    .integer(id), .integer(now), .integer(now), .text(try Self.text(ScrubPosition())),
                    .text(try Self.text(ScrubCounts())),
                ])
            return ScrubRun(
                id: id, startedAt: now, updatedAt: now, finishedAt: nil, position: ScrubPosition(),
                counts: ScrubCounts())
        }
    }

    /// Writes down how far a scrub is.
    package func note(_ position: ScrubPosition, _ counts: ScrubCounts, of run: Int64, isFinished: Bool = false)
        async throws
    {
        let now = clock.now()
        let (position, counts) = (try Self.text(position), try Self.text(counts))
        try await database.write { connection in
            try connection.execute(
                "UPDATE scrub_runs SET position = ?, counts = ?, updated_at = ?, finished_at = ? WHERE id = ?",
                [
                    .text(position), .text(counts), .integer(now), isFinished ? .integer(now) : .null, .integer(run),
                ])
        }
    }

    /// The newest scrub; nil before the first.
    package func last() async throws -> ScrubRun? { try await database.read { try Self.last(in: $0) } }

    /// When the newest scrub ended that did, in milliseconds since 1970.
    package func lastEnd() async throws -> Int64? {
        try await database.read { connection in
            try connection.first("SELECT MAX(finished_at) AS at FROM scrub_runs")?.optionalInteger("at")
        }
    }

    /// Writes down what was found; what was healed before and is damaged again is told anew.
    package func note(_ finding: ScrubFinding) async throws {
        let now = clock.now()
        try await database.write { connection in
            try connection.upsert(
                into: "scrub_damages",
                key: [
                    ("kind", .text(finding.kind.rawValue)), ("name", .text(finding.name)),
                    ("repository", .integer(finding.repository)),
                ],
                values: [
                    ("reason", .text(finding.reason)), ("found_at", .integer(now)), ("healed_at", .null),
                    ("source", .null),
                ])
        }
    }

    /// Writes down that something is right again, and where that came from.
    package func noteHealed(_ kind: ScrubFinding.Kind, _ name: String, in repository: Int64, from source: String)
        async throws
    {
        let now = clock.now()
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE scrub_damages SET healed_at = ?, source = ? WHERE kind = ? AND name = ? AND repository = ?
                """,
                [.integer(now), .text(source), .text(kind.rawValue), .text(name), .integer(repository)])
        }
    }

    /// What was found, the newest first.
    /// - Parameter isOpen: only what is not healed.
    package func damages(isOpen: Bool = false, limit: Int) async throws -> [ScrubDamage] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT * FROM scrub_damages \(isOpen ? "WHERE healed_at IS NULL" : "")
                ORDER BY found_at DESC, kind, name LIMIT ?
                """, [.integer(Int64(limit))]
            ).compactMap { row in
                guard let kind = ScrubFinding.Kind(rawValue: try row.text("kind")) else { return nil }
                return ScrubDamage(
                    finding: ScrubFinding(
                        kind, try row.text("name"), in: try row.integer("repository"), reason: try row.text("reason")),
                    foundAt: try row.integer("found_at"), healedAt: try row.optionalInteger("healed_at"),
                    source: try row.optionalText("source"))
            }
        }
    }

    // MARK: Sources

    /// The repository of a key; nil when it is gone.
    package func repository(_ key: Int64) async throws -> RepositoryID? {
        try await database.read { connection in
            try connection.first("SELECT kind, namespace, name FROM repositories WHERE id = ?", [.integer(key)])
                .flatMap { RepositoryID(parsing: try TransparencyLog.name($0)) }
        }
    }

    /// Every repository's key, without one.
    package func repositories(beside key: Int64) async throws -> [Int64] {
        try await database.read { connection in
            try connection.query("SELECT id FROM repositories WHERE id <> ? ORDER BY id", [.integer(key)])
                .map { try $0.integer("id") }
        }
    }

    /// What a repository has to hold with all that it names: its refs, and commits that came from upstream, with
    /// whether their history came as well.
    package func roots(of key: Int64) async throws -> [(object: ObjectID, hasHistory: Bool)] {
        try await database.read { connection in
            let acquired = try connection.query(
                "SELECT commit_id, has_history FROM acquired_commits WHERE repository_id = ?", [.integer(key)]
            ).compactMap { row -> (object: ObjectID, hasHistory: Bool)? in
                guard let id = ObjectID(try row.text("commit_id")) else { return nil }
                return (id, try row.boolean("has_history"))
            }
            let isLocal =
                try connection.first("SELECT id FROM repositories WHERE id = ? AND origin = 'local'", [.integer(key)])
                != nil
            // Refs of a mirror may name what nobody has fetched yet.
            guard isLocal else { return acquired }
            return try connection.query("SELECT target FROM refs WHERE repository_id = ?", [.integer(key)])
                .compactMap { ObjectID(try $0.text("target")).map { ($0, true) } }
        }
    }

    /// Where a blob is named: repositories, the newest first.
    package func links(to blob: BlobID) async throws -> [(
        repository: Int64, size: Int64, commit: CommitID?, path: String
    )] {
        try await database.read { connection in
            try connection.query(
                "SELECT repository_id, size, commit_id, path FROM links WHERE sha256 = ? ORDER BY repository_id DESC",
                [.text(blob.hex)]
            ).map { row in
                (
                    try row.integer("repository_id"), try row.integer("size"),
                    try row.optionalText("commit_id").flatMap { CommitID($0) }, try row.optionalText("path") ?? ""
                )
            }
        }
    }

    /// A git object with the bytes of a blob, by what upstreams' commits were found to hold.
    package func gitObject(holding blob: BlobID) async throws -> (repository: Int64, object: ObjectID)? {
        try await database.read { connection in
            var found: (repository: Int64, object: ObjectID)?
            try connection.forEach(
                "SELECT repository_id, record FROM provenance WHERE record LIKE ?", [.text("%\(blob.hex)%")]
            ) { row in
                guard case .array(let files) = JSONText.decode(try row.text("record"))?["files"] else { return true }
                for file in files
                where file["sha256"]?.string == blob.hex && file["lfs"] == .boolean(false) {
                    guard let id = file["gitObject"]?.string.flatMap({ ObjectID($0) }) else { continue }
                    found = (try row.integer("repository_id"), id)
                    return false
                }
                return true
            }
            return found
        }
    }

    /// How a blob is put together of stored chunks; nil when it did not come by Xet.
    package func terms(of blob: BlobID) async throws -> [(xorb: XetHash, chunks: Range<Int>)]? {
        try await database.read { connection in
            guard
                let file = try connection.first(
                    "SELECT id FROM xet_files WHERE sha256 = ? ORDER BY created_at LIMIT 1", [.text(blob.hex)])
            else { return nil }
            return try connection.query(
                "SELECT xorb, first_chunk, end_chunk FROM xet_terms WHERE file_id = ? ORDER BY number",
                [.integer(try file.integer("id"))]
            ).compactMap { row in
                let (first, end) = (Int(try row.integer("first_chunk")), Int(try row.integer("end_chunk")))
                guard let xorb = XetHash(try row.text("xorb")), first >= 0, first <= end else { return nil }
                return (xorb, first..<end)
            }
        }
    }

    // MARK: Rows

    private static func last(in connection: any Connection) throws -> ScrubRun? {
        try connection.first("SELECT * FROM scrub_runs ORDER BY id DESC LIMIT 1").map { row in
            ScrubRun(
                id: try row.integer("id"), startedAt: try row.integer("started_at"),
                updatedAt: try row.integer("updated_at"), finishedAt: try row.optionalInteger("finished_at"),
                position: try value(ScrubPosition.self, row.text("position")) ?? ScrubPosition(),
                counts: try value(ScrubCounts.self, row.text("counts")) ?? ScrubCounts())
        }
    }

    private static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    private static func value<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
