import SQL

/// The tombstones of a hub: what is buried, by whom and why.
package struct TombstoneStore: Sendable {
    let database: any Database
    let clock: WallClock
    /// Says to whoever keeps a copy that it is out of date.
    let register: TombstoneRegister?

    /// The most there may be.
    package static let maximum: Int64 = 1_000_000

    // MARK: Burying

    /// Buries something. What is buried here already gets no second stone.
    /// - Parameters:
    ///   - gitID: the object id of the same bytes in git, where that is known.
    /// - Throws: `.badRequest` for a reason that is empty or too long, `.conflict` for too many.
    package func bury(
        _ target: TombstoneTarget, gitID: ObjectID? = nil, reason: String, by principal: Principal
    ) async throws -> Tombstone {
        let reason = reason.onOneLine
        guard !reason.isEmpty, reason.count <= Tombstone.maximumReason else {
            throw HubError(.badRequest, "A reason has 1 to \(Tombstone.maximumReason) characters.")
        }
        let now = clock.now()
        let origin = Self.newOrigin()
        let tombstone = try await database.write { connection in
            let known = try connection.first(
                """
                SELECT * FROM tombstones WHERE target_kind = ? AND target = ? AND peer IS NULL AND lifted_at IS NULL
                """, [.text(target.kind), .text(target.text)])
            if let known, let tombstone = try Self.tombstone(known) { return tombstone }
            let tombstone = try Self.insert(
                target, gitID: gitID, origin: origin, reason: reason, peer: nil, by: principal.label, at: now,
                connection)
            try Self.audit("bury", tombstone, by: principal, note: reason, now, connection)
            return tombstone
        }
        register?.expire()
        return tombstone
    }

    /// Takes a tombstone away, so that what it buried is served again, unless another one buries it too.
    /// - Throws: `.notFound`; `.conflict` for one that is lifted.
    package func lift(_ id: Int64, note: String?, by principal: Principal) async throws -> Tombstone {
        let now = clock.now()
        if let note, note.count > Tombstone.maximumReason {
            throw HubError(.badRequest, "A note has at most \(Tombstone.maximumReason) characters.")
        }
        let tombstone = try await database.write { connection in
            guard let tombstone = try Self.find(id, connection) else { throw Self.unknown(id) }
            guard !tombstone.isLifted else { throw HubError(.conflict, "The tombstone #\(id) is lifted already.") }
            try Self.lift(id, note: note, by: principal.label, at: now, connection)
            try Self.audit("lift", tombstone, by: principal, note: note, now, connection)
            guard let lifted = try Self.find(id, connection) else { throw Self.unknown(id) }
            return lifted
        }
        register?.expire()
        return tombstone
    }

    /// Remembers the object id in git of bytes that are buried by their SHA-256.
    func note(_ gitID: ObjectID, of blob: BlobID) async throws {
        try await database.write { connection in
            for row in try connection.query(
                "SELECT id FROM tombstones WHERE target_kind = 'digest' AND target = ? AND git_id IS NULL",
                [.text(blob.hex)])
            {
                try connection.execute(
                    "UPDATE tombstones SET git_id = ?, sequence = ? WHERE id = ?",
                    [.text(gitID.hex), .integer(try Self.nextSequence(connection)), .integer(try row.integer("id"))])
            }
        }
        register?.expire()
    }

    // MARK: Peers

    /// A tombstone as a peer tells of it.
    package struct PeerEntry: Sendable {
        package let sequence: Int64
        package let origin: String
        package let target: TombstoneTarget
        package let gitID: ObjectID?
        package let reason: String
        package let isLifted: Bool

        package init(
            sequence: Int64, origin: String, target: TombstoneTarget, gitID: ObjectID?, reason: String, isLifted: Bool
        ) {
            self.sequence = sequence
            self.origin = origin
            self.target = target
            self.gitID = gitID
            self.reason = reason
            self.isLifted = isLifted
        }
    }

    /// Buries here what a peer buried, and lifts what it lifted, and remembers how far its list was read; in one
    /// transaction. A tombstone that is known by its origin, from here or another peer, is left to that.
    /// - Returns: how many came, and how many were lifted.
    package func follow(_ entries: [PeerEntry], from mirror: String, _ upstream: String, upTo sequence: Int64)
        async throws -> (buried: Int, lifted: Int)
    {
        let (now, peer) = (clock.now(), "\(mirror)/\(upstream)")
        let counts = try await database.write { connection in
            var (buried, lifted) = (0, 0)
            for entry in entries {
                let known = try connection.first(
                    "SELECT * FROM tombstones WHERE origin = ?", [.text(entry.origin)]
                ).flatMap(Self.tombstone)
                if let known {
                    guard known.peer == peer, entry.isLifted, !known.isLifted else { continue }
                    try Self.lift(known.id, note: "lifted by the peer \(peer)", by: peer, at: now, connection)
                    try Self.audit("lift", known, by: .operator, note: "told by the peer \(peer)", now, connection)
                    lifted += 1
                } else if !entry.isLifted {
                    let tombstone = try Self.insert(
                        entry.target, gitID: entry.gitID, origin: entry.origin, reason: entry.reason, peer: peer,
                        by: peer, at: now, connection)
                    try Self.audit("bury", tombstone, by: .operator, note: "told by the peer \(peer)", now, connection)
                    buried += 1
                }
            }
            try connection.upsert(
                into: "tombstone_feeds", key: [("mirror", .text(mirror)), ("upstream", .text(upstream))],
                values: [("sequence", .integer(sequence)), ("read_at", .integer(now)), ("failure", .null)])
            return (buried, lifted)
        }
        if counts.0 > 0 || counts.1 > 0 { register?.expire() }
        return counts
    }

    /// Up to which number the list of a peer was read.
    package func followed(_ mirror: String, _ upstream: String) async throws -> Int64 {
        try await database.read { connection in
            try connection.first(
                "SELECT sequence FROM tombstone_feeds WHERE mirror = ? AND upstream = ?",
                [.text(mirror), .text(upstream)])?.integer("sequence") ?? 0
        }
    }

    // MARK: Reading

    /// Tombstones in the order in which they changed last, lifted ones too: what a peer follows.
    /// - Parameter since: the number of the last one seen.
    package func list(since: Int64 = 0, limit: Int) async throws -> [Tombstone] {
        try await database.read { connection in
            try connection.query(
                "SELECT * FROM tombstones WHERE sequence > ? ORDER BY sequence LIMIT ?",
                [.integer(since), .integer(Int64(limit))]
            ).compactMap(Self.tombstone)
        }
    }

    /// - Throws: `.notFound`.
    package func tombstone(_ id: Int64) async throws -> Tombstone {
        guard let tombstone = try await database.read({ try Self.find(id, $0) }) else { throw Self.unknown(id) }
        return tombstone
    }

    /// Whether bytes are buried.
    package func isBuried(digest: BlobID) async throws -> Bool {
        try await database.read { connection in
            try connection.first(
                "SELECT id FROM tombstones WHERE target_kind = 'digest' AND target = ? AND lifted_at IS NULL",
                [.text(digest.hex)]) != nil
        }
    }

    /// - Throws: `.buried` for bytes that may not be taken in.
    static func requireUnburied(_ digest: BlobID, in connection: any Connection) throws {
        let row = try connection.first(
            "SELECT * FROM tombstones WHERE target_kind = 'digest' AND target = ? AND lifted_at IS NULL",
            [.text(digest.hex)])
        if let tombstone = try row.flatMap(tombstone) { throw tombstone.refusal }
    }

    /// The number of the last change.
    func version() async throws -> Int64 { try await database.read(Self.lastSequence) }

    /// Everything that is buried now.
    func standing() async throws -> (version: Int64, tombstones: [Tombstone]) {
        try await database.read { connection in
            let rows = try connection.query("SELECT * FROM tombstones WHERE lifted_at IS NULL ORDER BY id")
            return (try Self.lastSequence(connection), try rows.compactMap(Self.tombstone))
        }
    }

    // MARK: Rows

    private static func lastSequence(_ connection: any Connection) throws -> Int64 {
        try connection.first("SELECT MAX(sequence) AS n FROM tombstones")?.optionalInteger("n") ?? 0
    }

    private static func nextSequence(_ connection: any Connection) throws -> Int64 { try lastSequence(connection) + 1 }

    private static func insert(
        _ target: TombstoneTarget, gitID: ObjectID?, origin: String, reason: String, peer: String?, by name: String,
        at now: Int64, _ connection: any Connection
    ) throws -> Tombstone {
        let last = try connection.first("SELECT MAX(id) AS n FROM tombstones")?.optionalInteger("n") ?? 0
        guard last < maximum else { throw HubError(.conflict, "There are \(last) tombstones.") }
        try connection.execute(
            """
            INSERT INTO tombstones (id, sequence, origin, target_kind, target, git_id, reason, peer, buried_by, buried_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(last + 1), .integer(try nextSequence(connection)), .text(origin), .text(target.kind),
                .text(target.text), Value(gitID?.hex), .text(reason), Value(peer), .text(name), .integer(now),
            ])
        guard let tombstone = try find(last + 1, connection) else {
            throw HubError(.internalError, "The tombstone of \(target) was not written.")
        }
        return tombstone
    }

    private static func lift(
        _ id: Int64, note: String?, by name: String, at now: Int64, _ connection: any Connection
    ) throws {
        try connection.execute(
            "UPDATE tombstones SET lifted_by = ?, lifted_at = ?, lift_note = ?, sequence = ? WHERE id = ?",
            [.text(name), .integer(now), Value(note), .integer(try nextSequence(connection)), .integer(id)])
    }

    private static func find(_ id: Int64, _ connection: any Connection) throws -> Tombstone? {
        try connection.first("SELECT * FROM tombstones WHERE id = ?", [.integer(id)]).flatMap(tombstone)
    }

    private static func audit(
        _ word: String, _ tombstone: Tombstone, by principal: Principal, note: String?, _ now: Int64,
        _ connection: any Connection
    ) throws {
        let object =
            switch tombstone.target {
            case .repository(let id), .revision(let id, _): id.description
            case .digest, .object, .namespace, .license: tombstone.target.description
            }
        try AuditLog.append(
            AuditEntry(
                by: principal, "tombstone.\(word)", object,
                detail: .object([
                    .init(key: "tombstone", value: .integer(tombstone.id)),
                    .init(key: "target", value: .string(tombstone.target.description)),
                    .init(key: "note", value: note.map { .string($0) } ?? .null),
                    .init(key: "peer", value: tombstone.peer.map { .string($0) } ?? .null),
                ])), at: now, in: connection)
    }

    private static func unknown(_ id: Int64) -> HubError { HubError(.notFound, "There is no tombstone #\(id).") }

    /// Names no hub: 128 random bits.
    private static func newOrigin() -> String {
        var source = SystemRandomNumberGenerator()
        return Hexadecimal.encode((0..<16).map { _ in UInt8.random(in: 0...255, using: &source) })
    }

    private static func tombstone(_ row: Row) throws -> Tombstone? {
        guard let target = TombstoneTarget(kind: try row.text("target_kind"), text: try row.text("target")) else {
            return nil
        }
        return Tombstone(
            id: try row.integer("id"), sequence: try row.integer("sequence"), origin: try row.text("origin"),
            target: target, gitID: try row.optionalText("git_id").flatMap { ObjectID($0) },
            reason: try row.text("reason"), peer: try row.optionalText("peer"), buriedBy: try row.text("buried_by"),
            buriedAt: try row.integer("buried_at"), liftedBy: try row.optionalText("lifted_by"),
            liftedAt: try row.optionalInteger("lifted_at"), liftNote: try row.optionalText("lift_note"))
    }
}

extension Hub {
    /// What is served nowhere any more.
    package var tombstones: TombstoneStore { store.tombstones }
}
