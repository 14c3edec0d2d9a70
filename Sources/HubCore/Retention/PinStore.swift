import SQL

/// The pins of a hub.
package struct PinStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource

    /// The most pins there may be.
    package static let maximum = 100_000

    /// Changes whenever a pin is made or removed: a plan that was made under another one is stale.
    struct Version: Sendable, Hashable {
        let count: Int64
        let newest: Int64
    }

    /// Pins a repository or a revision of it. The same pin made again gets the new note and the new end.
    /// - Parameter principal: for the audit log; nil for the operator on the data directory.
    /// - Throws: `.badRequest` for a note that is too long or an end that has passed, `.conflict` for too many pins.
    package func add(
        _ repository: RepositoryID, revision: Revision?, note: String? = nil, expiresAt: Int64? = nil,
        by principal: Principal? = nil
    ) async throws -> Pin {
        let now = clock.now()
        if let note, note.count > Pin.maximumNote {
            throw HubError(.badRequest, "A note has at most \(Pin.maximumNote) characters.")
        }
        if let expiresAt, expiresAt <= now { throw HubError(.badRequest, "The pin would end before it begins.") }
        let text = revision?.description ?? ""
        guard text.utf8.count <= 255 else { throw HubError(.badRequest, "The name of the revision is too long.") }
        let (id, principal) = (identifiers.next(), principal ?? .operator)
        return try await database.write { connection in
            let place: [Value] = [
                .text(repository.kind.rawValue), .text(RepositoryID.key(repository.path)), .text(text),
            ]
            let known = try connection.first(
                "SELECT id FROM pins WHERE kind = ? AND path_key = ? AND revision = ?", place)
            if known == nil {
                let count = try connection.first("SELECT COUNT(*) AS pins FROM pins")?.integer("pins") ?? 0
                guard count < Self.maximum else {
                    throw HubError(.conflict, "There are \(count) pins.", remedy: "Remove some first.")
                }
                try connection.execute(
                    """
                    INSERT INTO pins (id, kind, path, path_key, revision, note, created_by, created_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    [
                        .integer(id), place[0], .text(repository.path), place[1], place[2], Value(note),
                        .text(principal.label), .integer(now), Value(expiresAt),
                    ])
            } else {
                try connection.execute(
                    "UPDATE pins SET note = ?, expires_at = ? WHERE kind = ? AND path_key = ? AND revision = ?",
                    [Value(note), Value(expiresAt)] + place)
            }
            try AuditLog.append(
                AuditEntry(
                    by: principal, "pin.add", repository.description,
                    detail: .object([.init(key: "revision", value: revision.map { .string($0.description) } ?? .null)])
                ), at: now, in: connection)
            let row = try connection.first(
                "SELECT * FROM pins WHERE kind = ? AND path_key = ? AND revision = ?", place)
            guard let pin = try row.flatMap(Self.pin) else {
                throw HubError(.internalError, "The pin of \(repository) was not written.")
            }
            return pin
        }
    }

    /// Removes a pin.
    /// - Throws: `.notFound`.
    package func remove(_ id: Int64, by principal: Principal? = nil) async throws {
        let (now, principal) = (clock.now(), principal ?? .operator)
        try await database.write { connection in
            guard let pin = try connection.first("SELECT * FROM pins WHERE id = ?", [.integer(id)]).flatMap(Self.pin)
            else { throw HubError(.notFound, "There is no such pin.") }
            try connection.execute("DELETE FROM pins WHERE id = ?", [.integer(id)])
            try AuditLog.append(
                AuditEntry(
                    by: principal, "pin.remove", pin.repository.description,
                    detail: .object([
                        .init(key: "revision", value: pin.revision.map { .string($0.description) } ?? .null)
                    ])), at: now, in: connection)
        }
    }

    /// Pins in the order of their ids, those that have ended too.
    /// - Parameter after: the id of the last one seen; nil for the first page.
    package func list(after: Int64? = nil, limit: Int) async throws -> [Pin] {
        try await database.read { connection in
            try connection.query(
                "SELECT * FROM pins WHERE id > ? ORDER BY id LIMIT ?",
                [.integer(after ?? -1), .integer(Int64(limit))]
            ).compactMap(Self.pin)
        }
    }

    /// Every pin that holds now.
    package func active() async throws -> [Pin] { try await versioned().pins }

    /// Whether a pin holds a repository, or a revision of it, now.
    package func isPinned(_ repository: RepositoryID) async throws -> Bool {
        try await !pins(of: repository).isEmpty
    }

    /// The pins of one repository that hold now.
    package func pins(of repository: RepositoryID) async throws -> [Pin] {
        let now = clock.now()
        return try await database.read { connection in
            try connection.query(
                "SELECT * FROM pins WHERE kind = ? AND path_key = ? AND (expires_at IS NULL OR expires_at > ?)",
                [
                    .text(repository.kind.rawValue), .text(RepositoryID.key(repository.path)), .integer(now),
                ]
            ).compactMap(Self.pin)
        }
    }

    /// Pins follow a repository that gets another name.
    static func move(_ old: RepositoryID, to new: RepositoryID, in connection: any Connection) throws {
        let kind = Value.text(old.kind.rawValue)
        let (before, after) = (Value.text(RepositoryID.key(old.path)), Value.text(RepositoryID.key(new.path)))
        guard before != after else { return }
        for row in try connection.query(
            "SELECT id, revision FROM pins WHERE kind = ? AND path_key = ?", [kind, before])
        {
            let place = [kind, after, .text(try row.text("revision"))]
            let rival = try connection.first(
                "SELECT id FROM pins WHERE kind = ? AND path_key = ? AND revision = ?", place)
            if rival != nil { continue }
            try connection.execute(
                "UPDATE pins SET path = ?, path_key = ? WHERE id = ?",
                [.text(new.path), after, .integer(try row.integer("id"))])
        }
    }

    func versioned() async throws -> (pins: [Pin], version: Version) {
        let now = clock.now()
        return try await database.read { connection in
            let pins = try connection.query(
                "SELECT * FROM pins WHERE expires_at IS NULL OR expires_at > ? ORDER BY id", [.integer(now)])
            return (try pins.compactMap(Self.pin), try Self.version(in: connection))
        }
    }

    static func version(in connection: any Connection) throws -> Version {
        let row = try connection.first("SELECT COUNT(*) AS pins, MAX(id) AS newest FROM pins")
        return Version(
            count: try row?.integer("pins") ?? 0, newest: try row?.optionalInteger("newest") ?? 0)
    }

    /// Remembers which commits pinned revisions name, for when their names are gone.
    func note(_ commits: [Int64: CommitID]) async throws {
        guard !commits.isEmpty else { return }
        try await database.write { connection in
            for (id, commit) in commits {
                try connection.execute(
                    "UPDATE pins SET commit_id = ? WHERE id = ?", [.text(commit.hex), .integer(id)])
            }
        }
    }

    private static func pin(_ row: Row) throws -> Pin? {
        guard let kind = RepositoryKind(rawValue: try row.text("kind")),
            let id = RepositoryID(kind: kind, path: try row.text("path"))
        else { return nil }
        let text = try row.text("revision")
        return Pin(
            id: try row.integer("id"), repository: id, revision: Revision(text),
            commit: try row.optionalText("commit_id").flatMap { CommitID($0) }, note: try row.optionalText("note"),
            createdBy: try row.optionalText("created_by"), createdAt: try row.integer("created_at"),
            expiresAt: try row.optionalInteger("expires_at"))
    }
}

extension Hub {
    /// What is kept whatever happens.
    package var pins: PinStore { store.pins }
}

extension RepositoryStore {
    /// What is kept whatever happens.
    package var pins: PinStore { PinStore(database: database, clock: clock, identifiers: identifiers) }
}
