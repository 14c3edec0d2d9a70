import SQL

/// The secrets and variables of spaces. Secrets are sealed before they reach the database, and leave it for the
/// application alone.
package struct SpaceEntries: Sendable {
    private let store: RepositoryStore
    private let seal: SealedText

    /// The most of one kind that a space may have.
    static let limit: Int64 = 100
    static let maximumKeyBytes = 128
    static let maximumValueBytes = 64 << 10
    static let maximumDescriptionBytes = 1_000

    /// - Parameter key: 32 bytes under which secrets are kept.
    package init(store: RepositoryStore, key: [UInt8]) {
        self.store = store
        seal = SealedText(key: key)
    }

    /// Sets an entry, or replaces one of the same key and kind.
    /// - Parameters:
    ///   - description: nil leaves what there is.
    ///   - space: opened for `.settings`.
    /// - Throws: `.badRequest` for a key that no environment takes, or what is too long; `.conflict` when there are too
    ///   many, or an entry of the other kind has the key.
    package func set(
        _ key: String, to value: Secret, description: String?, _ kind: SpaceEntry.Kind, of space: Repository
    ) async throws {
        try Self.require(space)
        try Self.check(key, value, description)
        let content = kind == .secret ? try seal.seal(value, at: Self.place(key, space)) : value.reveal()
        let now = store.clock.now()
        try await store.database.write { connection in
            let others = try connection.query(
                "SELECT kind, name, description FROM space_entries WHERE repository_id = ?", [.integer(space.key)])
            let ofKind = try others.filter { try $0.text("kind") == kind.rawValue }
            let old = try ofKind.first { try $0.text("name") == key }
            if try others.contains(where: { try $0.text("kind") != kind.rawValue && $0.text("name") == key }) {
                throw HubError(.conflict, "A secret and a variable cannot both be called '\(key)'.")
            }
            guard old != nil || Int64(ofKind.count) < Self.limit else {
                throw HubError(.conflict, "\(space.id) has \(Self.limit) of these, which is the most.")
            }
            let kept = try old?.text("description")
            try connection.upsert(
                into: "space_entries",
                key: [
                    ("repository_id", .integer(space.key)), ("kind", .text(kind.rawValue)), ("name", .text(key)),
                ],
                values: [
                    ("content", .text(content)), ("description", .text(description ?? kept ?? "")),
                    ("updated_at", .integer(now)),
                ])
            try Self.audit("set", key, kind, of: space, at: now, in: connection)
        }
    }

    /// Removes an entry.
    /// - Parameter space: opened for `.settings`.
    /// - Throws: `.notFound`.
    package func remove(_ key: String, _ kind: SpaceEntry.Kind, of space: Repository) async throws {
        try Self.require(space)
        let now = store.clock.now()
        try await store.database.write { connection in
            let removed = try connection.execute(
                "DELETE FROM space_entries WHERE repository_id = ? AND kind = ? AND name = ?",
                [.integer(space.key), .text(kind.rawValue), .text(key)])
            guard removed == 1 else {
                throw HubError(.notFound, "\(space.id) has no \(kind.rawValue) of this name.")
            }
            try Self.audit("remove", key, kind, of: space, at: now, in: connection)
        }
    }

    /// The entries of one kind in the order of their keys; secrets without their values.
    /// - Parameter space: opened for `.settings`.
    package func list(_ kind: SpaceEntry.Kind, of space: Repository) async throws -> [SpaceEntry] {
        try Self.require(space)
        return try await store.database.read { connection in
            try connection.query(
                """
                SELECT name, content, description, updated_at FROM space_entries
                WHERE repository_id = ? AND kind = ? ORDER BY name
                """, [.integer(space.key), .text(kind.rawValue)]
            ).map { row in
                SpaceEntry(
                    key: try row.text("name"), value: kind == .secret ? nil : try row.text("content"),
                    description: try row.text("description"), updatedAt: try row.integer("updated_at"))
            }
        }
    }

    /// All that the application in a space is told, secrets included: for who runs it, never for a request.
    /// - Throws: `.storageCorrupt` for a secret that cannot be opened.
    package func environment(of space: Repository) async throws -> [String: Secret] {
        let rows = try await store.database.read { connection in
            try connection.query(
                "SELECT kind, name, content FROM space_entries WHERE repository_id = ?", [.integer(space.key)]
            ).map { (kind: try $0.text("kind"), name: try $0.text("name"), content: try $0.text("content")) }
        }
        return try rows.reduce(into: [:]) { environment, row in
            environment[row.name] =
                row.kind == SpaceEntry.Kind.secret.rawValue
                ? try seal.open(row.content, at: Self.place(row.name, space)) : Secret(row.content)
        }
    }

    private static func place(_ key: String, _ space: Repository) -> String { "space-secret:\(space.key):\(key)" }

    private static func require(_ space: Repository) throws {
        guard space.verb == .settings, space.id.kind == .space else {
            throw HubError(.internalError, "\(space.id) was opened to \(space.verb.rawValue), which does not do.")
        }
    }

    /// Whether an entry could be set.
    /// - Throws: `.badRequest`.
    package static func check(_ key: String, _ value: Secret, _ description: String?) throws {
        let isName = key.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
            default: false
            }
        }
        guard isName, (1...maximumKeyBytes).contains(key.utf8.count) else {
            throw HubError(
                .badRequest, "A key has 1 to \(maximumKeyBytes) letters, digits and '_', and begins with no digit.")
        }
        let text = value.reveal()
        guard text.utf8.count <= maximumValueBytes, !text.utf8.contains(0) else {
            throw HubError(.badRequest, "A value has at most \(maximumValueBytes) bytes, and no NUL.")
        }
        guard description?.utf8.count ?? 0 <= maximumDescriptionBytes, description?.utf8.contains(0) != true else {
            throw HubError(.badRequest, "A description has at most \(maximumDescriptionBytes) bytes, and no NUL.")
        }
    }

    private static func audit(
        _ word: String, _ key: String, _ kind: SpaceEntry.Kind, of space: Repository, at now: Int64,
        in connection: any Connection
    ) throws {
        try AuditLog.append(
            AuditEntry(
                by: space.principal, "space.\(kind.rawValue)-\(word)", space.id.description,
                detail: .object([.init(key: "key", value: .string(key))])), at: now, in: connection)
    }
}
