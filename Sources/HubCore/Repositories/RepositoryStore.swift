package import SQL

/// The rows of repositories, refs, links and acquisitions: the truth for everything but bytes.
///
/// Speaks in keys and records; only `Authorizer` turns a record into a `Repository`.
package struct RepositoryStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierSource
    /// Nil where nothing is ever collected.
    let files: StoredFiles?
    /// When blobs of mirrors were served.
    let uses = BlobUses()
    /// Who took what, until it is written down.
    let pullLedger = PullLedger()
    /// What is served nowhere any more.
    let burials: TombstoneRegister
    /// What lists that are narrowed down are answered from.
    package let localCatalogue: LocalCatalogue

    package init(
        database: any Database, clock: WallClock, identifiers: IdentifierSource, files: StoredFiles? = nil
    ) {
        self.files = files
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
        burials = TombstoneRegister(database: database, clock: clock)
        localCatalogue = LocalCatalogue(database: database, clock: clock)
    }

    static let columns = """
        r.id, r.kind, r.namespace, r.name, r.visibility, r.origin, r.mirror, r.upstream, r.upstream_path,
        r.default_branch, r.created_at, r.updated_at, r.downloads, r.likes, r.created_by,
        (SELECT s.content FROM repository_settings s WHERE s.repository_id = r.id AND s.name = 'gated') AS gating
        """

    func record(_ id: RepositoryID) async throws -> RepositoryRecord? {
        try await database.read { connection in
            try connection.first(
                "SELECT \(Self.columns) FROM repositories r WHERE r.kind = ? AND r.namespace_key = ? AND r.name_key = ?",
                [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)]
            ).map(Self.record)
        }
    }

    /// Whether this hub owns a namespace, so that no upstream is ever asked about it.
    package func isLocalNamespace(_ name: String) async throws -> Bool {
        try await database.read { try NamespaceRegister.isLocal(name, in: $0) }
    }

    /// Creates an empty local repository, taking its namespace when nobody has it yet.
    /// - Parameters:
    ///   - principal: for the audit log; nil for the operator on the data directory.
    ///   - mayReclaim: whether names that others gave up may be taken again.
    /// - Returns: the new repository's key.
    /// - Throws: `.conflict` when the name is taken, or was somebody else's.
    package func createLocal(
        _ id: RepositoryID, visibility: Repository.Visibility, defaultBranch: String, by principal: Principal? = nil,
        mayReclaim: Bool = false
    ) async throws -> Int64 {
        let key = identifiers.next()
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            try NamespaceRegister.claimLocal(id.namespace, now: now, in: connection)
            try Self.refuseTaken(id, in: connection)
            try RetiredNames.reclaim(id, by: principal, mayReclaim: mayReclaim, in: connection)
            try QuotaStore.requireRepository(in: id.namespace, connection)
            try Self.forgetRename(of: id, in: connection)
            try Self.insert(
                key, id, visibility: visibility, mirror: nil, defaultBranch: defaultBranch, now: now, in: connection)
            try Self.noteCreator(principal, of: key, in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: principal ?? .operator, "repository.create", id.description,
                    detail: .object([.init(key: "visibility", value: .string(visibility.rawValue))])),
                at: now, in: connection)
            try WebhookEvent(domain: .repo, action: "create", scope: "repo").queue(
                for: id, key: key, isPrivate: visibility != .public, at: now, identifiers: identifiers, in: connection)
        }
        return key
    }

    /// Registers a repository that lives in an upstream. Two at once get the same row.
    /// - Returns: the repository's key.
    /// - Throws: `.conflict` when the name or its namespace is local.
    package func registerMirror(
        _ id: RepositoryID, of mirror: Repository.Mirror, visibility: Repository.Visibility, defaultBranch: String
    ) async throws -> Int64 {
        let key = identifiers.next()
        let now = clock.now()
        return try await database.write { connection in
            try NamespaceRegister.claimMirror(id.namespace, mirror: mirror.mirror, now: now, in: connection)
            if let row = try connection.first(
                "SELECT id FROM repositories WHERE kind = ? AND namespace_key = ? AND name_key = ?",
                [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)])
            {
                return try row.integer("id")
            }
            try Self.insert(
                key, id, visibility: visibility, mirror: mirror, defaultBranch: defaultBranch, now: now, in: connection)
            return key
        }
    }

    static func refuseTaken(_ id: RepositoryID, in connection: any Connection) throws {
        let taken = try connection.first(
            "SELECT id FROM repositories WHERE kind = ? AND namespace_key = ? AND name_key = ?",
            [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)])
        if taken != nil {
            throw HubError(.conflict, "A \(id.kind.rawValue) repository called \(id.path) already exists")
        }
    }

    static func insert(
        _ key: Int64, _ id: RepositoryID, visibility: Repository.Visibility, mirror: Repository.Mirror?,
        defaultBranch: String, now: Int64, in connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO repositories (id, kind, namespace, namespace_key, name, name_key, visibility, origin, mirror,
                upstream, upstream_path, upstream_key, default_branch, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(key), .text(id.kind.rawValue), .text(id.namespace), .text(id.namespaceKey), .text(id.name),
                .text(id.nameKey), .text(visibility.rawValue), .text(mirror == nil ? "local" : "mirror"),
                Value(mirror?.mirror), Value(mirror?.upstream), Value(mirror?.path),
                Value(mirror.map { RemoteCatalogue.key($0.path) }), .text(defaultBranch), .integer(now), .integer(now),
            ])
        try indexNames(of: key, in: connection)
    }

    static func record(_ row: Row) throws -> RepositoryRecord {
        guard let kind = RepositoryKind(rawValue: try row.text("kind")),
            let id = RepositoryID(kind: kind, namespace: try row.text("namespace"), name: try row.text("name")),
            let visibility = Repository.Visibility(rawValue: try row.text("visibility"))
        else {
            throw HubError(.storageCorrupt, "The row of repository \(try row.integer("id")) cannot be read.")
        }
        var origin = Repository.Origin.local
        if try row.text("origin") == "mirror" {
            origin = .mirror(
                Repository.Mirror(
                    mirror: try row.text("mirror"), upstream: try row.text("upstream"),
                    path: try row.text("upstream_path")))
        }
        return RepositoryRecord(
            key: try row.integer("id"), id: id, visibility: visibility, origin: origin,
            defaultBranch: try row.text("default_branch"), createdAt: try row.integer("created_at"),
            updatedAt: try row.integer("updated_at"), downloads: try row.integer("downloads"),
            likes: try row.integer("likes"), gating: Repository.Gating(setting: try row.optionalText("gating")),
            creator: try row.optionalInteger("created_by"))
    }
}
