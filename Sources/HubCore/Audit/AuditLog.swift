import Crypto
package import SQL

/// The append-only record of changes. Each record carries the hash of the one before, so that none can be altered or
/// left out unseen; it is written in the transaction of the change it tells of.
package struct AuditLog: Sendable {
    private let database: any Database

    package init(database: any Database) { self.database = database }

    private static let first = String(repeating: "0", count: 64)

    /// Appends an entry within the transaction of the change.
    package static func append(_ entry: AuditEntry, at now: Int64, in connection: any Connection) throws {
        let last = try connection.first("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        let sequence = try (last?.integer("seq") ?? 0) + 1
        let previous = try last?.text("hash") ?? first
        let detail = try JSONText.encode(entry.detail)
        let hash = hash(
            sequence: sequence, at: now, actor: entry.actor, token: entry.token, action: entry.action,
            object: entry.object, detail: detail, previous: previous)
        try connection.execute(
            """
            INSERT INTO audit (seq, at, actor, token_id, action, object, detail, previous, hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(sequence), .integer(now), .text(entry.actor), Value(entry.token), .text(entry.action),
                .text(entry.object), .text(detail), .text(previous), .text(hash),
            ])
        try TransparencyLog.append(.audit(sequence: sequence, hash: hash), at: now, in: connection)
    }

    /// Records from the newest back.
    /// - Parameter before: a sequence number to go on from; nil for the newest.
    package func records(before: Int64? = nil, limit: Int) async throws -> [AuditRecord] {
        try await database.read { connection in
            try connection.query(
                "SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?",
                [.integer(before ?? .max), .integer(Int64(limit))]
            ).map(Self.record)
        }
    }

    /// Records about a repository and what is said in it, from the newest back, under the name it has now.
    ///
    /// Looks through the log from its end until there are enough.
    /// - Parameter repository: opened for `.auditRead`.
    package func records(of repository: Repository, before: Int64? = nil, limit: Int) async throws -> [AuditRecord] {
        guard repository.verb == .auditRead else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to audit.")
        }
        let name = RepositoryID.key(repository.id.description)
        return try await records(
            where: "(LOWER(object) = ? OR LOWER(object) LIKE ? ESCAPE '!')",
            [.text(name), .text("\(RepositoryStore.escapeLike(name))#%")], before: before, limit: limit)
    }

    /// Records about an organisation and whatever its namespace holds, from the newest back.
    /// - Parameter organisation: opened for `.auditRead`.
    package func records(of organisation: Organisation, before: Int64? = nil, limit: Int) async throws -> [AuditRecord]
    {
        guard organisation.verb == .auditRead else {
            throw HubError(
                .internalError, "\(organisation.name) was opened to \(organisation.verb.rawValue), not to audit.")
        }
        let key = RepositoryID.key(organisation.name)
        let prefixes = RepositoryKind.allCases.map { "\($0.rawValue):\(RepositoryStore.escapeLike(key))/%" }
        let likes = Array(repeating: "LOWER(object) LIKE ? ESCAPE '!'", count: prefixes.count)
        return try await records(
            where: "(LOWER(object) = ? OR \(likes.joined(separator: " OR ")))",
            [.text("organisation:\(key)")] + prefixes.map(Value.text), before: before, limit: limit)
    }

    /// Records that a filter lets through, from the newest back.
    /// - Parameter organisation: opened for `.auditRead`; nil for the record of the whole hub.
    package func records(
        matching filter: AuditFilter, of organisation: Organisation? = nil, before: Int64? = nil, limit: Int
    ) async throws -> [AuditRecord] {
        var (conditions, arguments) = filter.conditions
        if let organisation {
            guard organisation.verb == .auditRead else {
                throw HubError(
                    .internalError, "\(organisation.name) was opened to \(organisation.verb.rawValue), not to audit.")
            }
            let key = RepositoryID.key(organisation.name)
            let prefixes = RepositoryKind.allCases.map { "\($0.rawValue):\(RepositoryStore.escapeLike(key))/%" }
            let likes = Array(repeating: "LOWER(object) LIKE ? ESCAPE '!'", count: prefixes.count)
            conditions.append("(LOWER(object) = ? OR \(likes.joined(separator: " OR ")))")
            arguments += [.text("organisation:\(key)")] + prefixes.map(Value.text)
        }
        let condition = conditions.isEmpty ? "1 = 1" : conditions.joined(separator: " AND ")
        return try await records(where: condition, arguments, before: before, limit: limit)
    }

    private func records(where condition: String, _ arguments: [Value], before: Int64?, limit: Int) async throws
        -> [AuditRecord]
    {
        try await database.read { connection in
            try connection.query(
                "SELECT * FROM audit WHERE seq < ? AND \(condition) ORDER BY seq DESC LIMIT ?",
                [.integer(before ?? .max)] + arguments + [.integer(Int64(limit))]
            ).map(Self.record)
        }
    }

    /// Reads the whole log and follows its hashes.
    /// - Parameter anchors: what was noted elsewhere before. A log that was cut, or written anew from some record on,
    ///   agrees with itself; only they tell.
    /// - Returns: how many records there are, the hash of the last one, and the first record that is not what it should
    ///   be; nil when all are.
    package func verify(anchors: [AuditAnchor] = []) async throws -> (count: Int64, head: String, broken: Int64?) {
        var expected = Self.first
        let noted = Dictionary(grouping: anchors, by: \.sequence)
        var next: Int64 = 1
        while true {
            let start = next
            let page = try await database.read { connection in
                try connection.query(
                    "SELECT * FROM audit WHERE seq >= ? ORDER BY seq LIMIT 1000", [.integer(start)]
                ).map(Self.record)
            }
            for record in page {
                guard record.sequence == next, record.previous == expected, record.hash == Self.hash(record),
                    noted[next, default: []].allSatisfy({ $0.hash == record.hash })
                else { return (next - 1, expected, next) }
                expected = record.hash
                next += 1
            }
            if page.count < 1_000 {
                let missing = anchors.map(\.sequence).filter { $0 >= next }.min()
                return (next - 1, expected, missing == nil ? nil : next)
            }
        }
    }

    private static func record(_ row: Row) throws -> AuditRecord {
        AuditRecord(
            sequence: try row.integer("seq"), at: try row.integer("at"), actor: try row.text("actor"),
            token: try row.optionalInteger("token_id"), action: try row.text("action"),
            object: try row.text("object"), detail: try row.text("detail"), previous: try row.text("previous"),
            hash: try row.text("hash"))
    }

    private static func hash(_ record: AuditRecord) -> String {
        hash(
            sequence: record.sequence, at: record.at, actor: record.actor, token: record.token, action: record.action,
            object: record.object, detail: record.detail, previous: record.previous)
    }

    /// Fields go in with their lengths, so that no two records share an input.
    private static func hash(
        sequence: Int64, at: Int64, actor: String, token: Int64?, action: String, object: String, detail: String,
        previous: String
    ) -> String {
        var hash = SHA256()
        hash.update(data: [UInt8(1)])
        for field in [
            String(sequence), String(at), actor, token.map(String.init) ?? "", action, object, detail, previous,
        ] {
            hash.update(data: Array("\(field.utf8.count):\(field),".utf8))
        }
        return Hexadecimal.encode(hash.finalize())
    }
}
