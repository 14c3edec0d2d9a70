import SQL

/// The locks of local repositories. Every statement names the repository: a lock's id alone opens nothing (S15).
package struct LockService: Sendable {
    private let store: RepositoryStore
    private var database: any Database { store.database }

    /// The most locks of one page.
    package static let maximumPage = 100

    package init(store: RepositoryStore) { self.store = store }

    /// Reserves a path for the principal. Of several at once one gets it.
    /// - Parameters:
    ///   - ref: the branch it was asked on, kept for people: the path is reserved on all.
    ///   - repository: opened for `.contentWrite`.
    package func create(_ path: GitPath, ref: String?, in repository: Repository) async throws -> FileLockOutcome {
        let user = try requireWriter(repository)
        // A lock keeps others from a path, so it is for those who may change it.
        if let main = RefName.branch(repository.defaultBranch) {
            let asked = ref.flatMap { RefName($0) ?? RefName.branch($0) } ?? main
            try repository.requireWritable(path, on: asked)
        }
        let lock = FileLock(
            id: store.identifiers.next(), path: path.path, user: user.id, owner: user.name, lockedAt: store.clock.now())
        let hash = BlobID(hashing: Array(path.path.utf8)).hex
        return try await database.write { connection in
            if let known = try Self.find("l.path_hash = ?", .text(hash), of: repository.key, in: connection) {
                return .taken(known)
            }
            try connection.execute(
                """
                INSERT INTO file_locks (id, repository_id, path_hash, path, ref, user_id, locked_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(lock.id), .integer(repository.key), .text(hash), .text(lock.path), Value(ref),
                    .integer(user.id), .integer(lock.lockedAt),
                ])
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "lock.create", repository.id.description, detail: Self.detail(lock)),
                at: lock.lockedAt, in: connection)
            return .created(lock)
        }
    }

    /// Locks in the order they were made.
    /// - Parameters:
    ///   - after: the id of the last one of the page before.
    ///   - repository: opened for any verb.
    /// - Returns: a page, and the id to go on from; nil at the end.
    package func list(
        _ filter: FileLockFilter = FileLockFilter(), after: Int64? = nil, limit: Int, in repository: Repository
    ) async throws -> (locks: [FileLock], next: Int64?) {
        let limit = max(1, min(limit, Self.maximumPage))
        var conditions = ["l.repository_id = ?", "l.id > ?"]
        var arguments: [Value] = [.integer(repository.key), .integer(after ?? 0)]
        if let id = filter.id {
            conditions.append("l.id = ?")
            arguments.append(.integer(id))
        }
        if let path = filter.path {
            conditions.append("l.path_hash = ?")
            arguments.append(.text(BlobID(hashing: Array(path.utf8)).hex))
        }
        let (condition, bound) = (conditions.joined(separator: " AND "), arguments + [.integer(Int64(limit + 1))])
        let locks = try await database.read { connection in
            try connection.query("\(Self.selection) WHERE \(condition) ORDER BY l.id LIMIT ?", bound).map(Self.lock)
        }
        return (Array(locks.prefix(limit)), locks.count > limit ? locks[limit - 1].id : nil)
    }

    /// Releases a lock; another's only by force, which only whoever may change the repository's settings has.
    /// - Parameter repository: opened for `.contentWrite`.
    /// - Throws: `.notFound` for a lock that this repository does not have, `.forbidden` for another's.
    package func remove(
        _ id: Int64, byForce isForced: Bool, in repository: Repository, authorizer: Authorizer
    ) async throws -> FileLock {
        let user = try requireWriter(repository)
        let found = try await list(FileLockFilter(id: id), limit: 1, in: repository).locks.first
        if let found, found.user != user.id {
            guard isForced else {
                throw HubError(
                    .forbidden, "'\(found.path)' is locked by \(found.owner).",
                    remedy: "Ask for it, or use --force if the repository is yours.")
            }
            _ = try await authorizer.open(repository.principal, .settings, repository.id)
        }
        let now = store.clock.now()
        return try await database.write { connection in
            guard let lock = try Self.find("l.id = ?", .integer(id), of: repository.key, in: connection) else {
                throw HubError(.notFound, "\(repository.id) has no lock \(id).")
            }
            try connection.execute(
                "DELETE FROM file_locks WHERE repository_id = ? AND id = ?", [.integer(repository.key), .integer(id)])
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "lock.remove", repository.id.description, detail: Self.detail(lock)),
                at: now, in: connection)
            return lock
        }
    }

    private func requireWriter(_ repository: Repository) throws -> User {
        guard repository.verb == .contentWrite, !repository.isMirror, let user = repository.principal.user else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue), not to lock.")
        }
        return user
    }

    private static let selection = """
        SELECT l.id, l.path, l.user_id, l.locked_at, u.name AS owner FROM file_locks l
        LEFT JOIN users u ON u.id = l.user_id
        """

    private static func find(_ condition: String, _ value: Value, of key: Int64, in connection: any Connection) throws
        -> FileLock?
    {
        try connection.first("\(selection) WHERE l.repository_id = ? AND \(condition)", [.integer(key), value]).map(
            lock)
    }

    private static func lock(_ row: Row) throws -> FileLock {
        FileLock(
            id: try row.integer("id"), path: try row.text("path"), user: try row.integer("user_id"),
            owner: try row.optionalText("owner") ?? "unknown", lockedAt: try row.integer("locked_at"))
    }

    private static func detail(_ lock: FileLock) -> JSONValue {
        .object([
            .init(key: "path", value: .string(lock.path)), .init(key: "owner", value: .string(lock.owner)),
            .init(key: "id", value: .string(String(lock.id))),
        ])
    }
}
