import SQL

extension RepositoryStore {
    /// What is here under the name of a bundle's repository.
    package enum BundleStanding: Sendable, Hashable {
        /// Nothing: it would be new, in a namespace that is nobody's or a mirror's.
        case absent
        /// A mirrored repository, and where it came from.
        case mirrored(key: Int64, Repository.Mirror, defaultBranch: String)
        /// A local repository, or none in a local namespace.
        case local
    }

    /// What is here under a name.
    package func standing(ofBundled id: RepositoryID) async throws -> BundleStanding {
        if let record = try await record(id) {
            guard case .mirror(let mirror) = record.origin else { return .local }
            return .mirrored(key: record.key, mirror, defaultBranch: record.defaultBranch)
        }
        return try await isLocalNamespace(id.namespace) ? .local : .absent
    }

    /// A key under which the git folder of a new repository can be made before it has a row.
    package func reserveKey() -> Int64 { identifiers.next() }

    /// Publishes a bundle: repositories, refs, links, provenance and history, in one transaction. Blobs and git objects
    /// are durable before this is called.
    /// - Throws: `.conflict` when a name became local or another mirror's meanwhile, `.preconditionFailed` when a ref
    ///   moved meanwhile. Nothing is published then.
    package func publish(_ arrival: BundleArrival) async throws {
        let now = clock.now()
        let files = files
        let key = identifiers.next()
        try await database.write { connection in
            for repository in arrival.repositories {
                try Self.publish(repository, of: arrival, files: files, now: now, in: connection)
            }
            try BundleStore.insert(
                arrival.record, key: key, contents: arrival.contents, repositories: arrival.outcomes, in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: arrival.principal ?? .operator, "bundle.import", "bundle:\(arrival.record.bundleID)",
                    detail: .object([
                        .init(key: "seq", value: .integer(arrival.record.sequence)),
                        .init(key: "key", value: .string(arrival.record.keyID)),
                        .init(
                            key: "repositories",
                            value: .array(arrival.repositories.map { .string($0.id.description) })),
                    ])), at: now, in: connection)
        }
    }

    private static func publish(
        _ repository: BundleArrival.Repository, of arrival: BundleArrival, files: StoredFiles?, now: Int64,
        in connection: any Connection
    ) throws {
        let (id, key) = (repository.id, repository.key)
        try NamespaceRegister.claimMirror(id.namespace, mirror: repository.mirror.mirror, now: now, in: connection)
        let row = try connection.first(
            "SELECT id, origin FROM repositories WHERE kind = ? AND namespace_key = ? AND name_key = ?",
            [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)])
        if let row {
            guard try row.integer("id") == key, try row.text("origin") == "mirror" else {
                throw HubError(.conflict, "\(id) came here by another way while the bundle was read.")
            }
        } else {
            try insert(
                key, id, visibility: repository.visibility, mirror: repository.mirror,
                defaultBranch: repository.defaultBranch, now: now, in: connection)
        }
        for (ref, from) in repository.refs {
            try move(ref.name, from: from, to: ref, of: key, in: connection)
        }
        for name in repository.removed {
            try connection.execute(
                "DELETE FROM refs WHERE repository_id = ? AND name = ?", [.integer(key), .text(name.name)])
        }
        for link in repository.links {
            try files?.require(link.pointer.oid)
            try connection.upsert(
                into: "blobs", key: [("sha256", .text(link.pointer.oid.hex))],
                values: [("size", .integer(link.pointer.size)), ("stored_at", .integer(now))])
        }
        try insert(repository.links, of: key, areProved: true, in: connection)
        for commit in repository.commits {
            try connection.upsert(
                into: "acquired_commits", key: [("repository_id", .integer(key)), ("commit_id", .text(commit.hex))],
                values: [("has_history", .integer(1)), ("acquired_at", .integer(now))])
        }
        for (commit, record) in repository.provenance {
            let known = try connection.first(
                "SELECT commit_id FROM provenance WHERE repository_id = ? AND commit_id = ?",
                [.integer(key), .text(commit.hex)])
            guard known == nil else { continue }
            try appendToFeed(commit, of: key, changeLog: "imported", now: now, in: connection)
            try connection.execute(
                """
                INSERT INTO provenance (repository_id, commit_id, record, record_sha256, created_at)
                VALUES (?, ?, ?, ?, ?)
                """,
                [.integer(key), .text(commit.hex), .text(record.json), .text(record.sha256), .integer(now)])
        }
        try connection.upsert(
            into: "mirror_states", key: [("repository_id", .integer(key))],
            values: [("checked_at", .integer(now)), ("failed_at", .null), ("failure", .null), ("changed_at", .null)])
        try connection.execute(
            "UPDATE repositories SET default_branch = ?, updated_at = ? WHERE id = ?",
            [.text(repository.defaultBranch), .integer(now), .integer(key)])
        if let head = repository.head { try noteHead(head, of: key, now: now, in: connection) }
    }

    private static func move(
        _ name: RefName, from: ObjectID?, to ref: Ref, of key: Int64, in connection: any Connection
    ) throws {
        let current = try connection.first(
            "SELECT target FROM refs WHERE repository_id = ? AND name = ?", [.integer(key), .text(name.name)]
        )?.text("target")
        guard current == from?.hex else {
            throw HubError(.preconditionFailed, "\(name.name) moved while the bundle was read.")
        }
        try connection.upsert(
            into: "refs", key: [("repository_id", .integer(key)), ("name", .text(name.name))],
            values: [("target", .text(ref.target.hex)), ("peeled", Value(ref.peeled?.hex))])
    }
}

extension Authorizer {
    /// A repository that a bundle brings, as it will be once it is published, so that policy can be asked about it first.
    /// Nothing of it is here for anybody else.
    package func provisional(
        _ repository: BundleArrival.Repository, for principal: Principal?
    ) -> Repository {
        let now = store.clock.now()
        return Repository(
            record: RepositoryRecord(
                key: repository.key, id: repository.id, visibility: repository.visibility,
                origin: .mirror(repository.mirror), defaultBranch: repository.defaultBranch, createdAt: now,
                updatedAt: now, downloads: 0, likes: 0),
            principal: principal ?? .operator, verb: .mirrorSync)
    }
}
