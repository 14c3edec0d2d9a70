import SQL

extension RemoteCatalogue {
    /// Records what an upstream told, all of it in one transaction.
    ///
    /// Observations about names that cannot be one are left out.
    package func record(_ observations: [RemoteObservation], mirror: String, upstream: String) async throws {
        guard !observations.isEmpty else { return }
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            let source = try Self.source(mirror, upstream, now: now, identifiers: identifiers, in: connection)
            for observation in observations {
                try Self.put(observation, source: source, now: now, identifiers: identifiers, in: connection)
            }
        }
    }

    /// Records a page of an upstream's feed with the cursor to go on from, in one transaction: repositories that are
    /// here are due to be compared, and all that were named are due to be described, each once whatever number of times
    /// it was named.
    package func recordFeed(_ changes: [RemoteChange], mirror: String, upstream: String, cursor: Int64) async throws {
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            let source = try Self.source(mirror, upstream, now: now, identifiers: identifiers, in: connection)
            let compared = try RepositoryStore.feedCursor(mirror: mirror, upstream: upstream, in: connection)
            // What was compared after an older cursor of the catalogue's is not compared again.
            try RepositoryStore.noteChanges(
                changes.filter { $0.version > compared }.map { ($0.kind, $0.path) }, mirror: mirror, upstream: upstream,
                cursor: max(cursor, compared), now: now, in: connection)
            var latest: [String: (change: RemoteChange, versions: [Int64])] = [:]
            for change in changes {
                let name = "\(change.kind.rawValue):\(Self.key(change.path))"
                latest[name] = (change, (latest[name]?.versions ?? []) + [change.version])
            }
            for (change, versions) in latest.values.sorted(by: { $0.change.version < $1.change.version }) {
                try Self.name(
                    change, versions, source: source, mirror: mirror, upstream: upstream, now: now,
                    identifiers: identifiers, in: connection)
            }
            try connection.execute(
                "UPDATE catalogue_sources SET feed_version = ?, read_at = ? WHERE id = ? AND feed_version <= ?",
                [.integer(cursor), .integer(now), .integer(source), .integer(cursor)])
        }
    }

    /// A repository that an upstream is to be asked about.
    package struct DueRepository: Sendable, Hashable {
        package let kind: RepositoryKind
        package let path: String
        /// How often it was asked about in vain since it was named.
        package let attempts: Int

        package init(kind: RepositoryKind, path: String, attempts: Int) {
            self.kind = kind
            self.path = path
            self.attempts = attempts
        }
    }

    /// What an upstream is to be asked about now, the longest due first, at most `limit`.
    package func due(mirror: String, upstream: String, limit: Int) async throws -> [DueRepository] {
        let now = clock.now()
        return try await database.read { connection in
            guard let source = try Self.sourceKey(mirror, upstream, in: connection) else { return [] }
            return try connection.query(
                """
                SELECT e.kind, e.path, e.attempts FROM remote_repositories e
                WHERE e.source_id = ? AND e.due_at <= ? ORDER BY e.due_at LIMIT ?
                """, [.integer(source), .integer(now), .integer(Int64(max(0, limit)))]
            ).compactMap { row in
                guard let kind = RepositoryKind(rawValue: try row.text("kind")) else { return nil }
                return DueRepository(
                    kind: kind, path: try row.text("path"), attempts: Int(clamping: try row.integer("attempts")))
            }
        }
    }

    /// Has what an upstream was not heard to name since `time` asked about: after it listed all that it has.
    /// - Parameter time: milliseconds since 1970.
    /// - Returns: how many repositories it is to be asked about.
    @discardableResult
    package func askAboutUnseen(since time: Int64, kind: RepositoryKind, mirror: String, upstream: String) async throws
        -> Int
    {
        let now = clock.now()
        return try await database.write { connection in
            guard let source = try Self.sourceKey(mirror, upstream, in: connection) else { return 0 }
            return try connection.execute(
                """
                UPDATE remote_repositories SET due_at = ?
                WHERE source_id = ? AND state = 'present' AND kind = ? AND seen_at < ? AND due_at IS NULL
                """, [.integer(now), .integer(source), .text(kind.rawValue), .integer(time)])
        }
    }

    // MARK: Rows

    private static func isName(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && path.utf8.count <= RemoteDescription.maximumPathBytes && !path.utf8.contains { $0 < 0x20 }
    }

    private static func owner(_ pathKey: String) -> String { String(pathKey.prefix { $0 != "/" }) }

    private static func row(_ kind: RepositoryKind, _ path: String, _ source: Int64, in connection: any Connection)
        throws -> Row?
    {
        try connection.first(
            "SELECT id, path, state, description, updated_at FROM remote_repositories WHERE source_id = ? AND kind = ? AND path_key = ?",
            [.integer(source), .text(kind.rawValue), .text(key(path))])
    }

    /// Takes the name of a change; who reads it is to describe it.
    private static func name(
        _ change: RemoteChange, _ versions: [Int64], source: Int64, mirror: String, upstream: String, now: Int64,
        identifiers: IdentifierSource, in connection: any Connection
    ) throws {
        guard isName(change.path) else { return }
        let id: Int64
        if let row = try row(change.kind, change.path, source, in: connection) {
            id = try row.integer("id")
            try connection.execute(
                """
                UPDATE remote_repositories SET seen_at = ?, due_at = ?, attempts = 0, feed_version = ?, updated_at = ?
                WHERE id = ?
                """,
                [
                    .integer(now), .integer(now), .integer(change.version),
                    .integer(max(change.modifiedAt ?? -1, try row.integer("updated_at"))), .integer(id),
                ])
        } else {
            id = identifiers.next()
            var description = RemoteDescription(kind: change.kind, path: change.path)
            description.updatedAt = change.modifiedAt.flatMap { $0 < 0 ? nil : $0 }
            try insert(id, description, state: .present, reason: nil, source: source, now: now, in: connection)
            try connection.execute(
                "UPDATE remote_repositories SET described_at = NULL, due_at = ?, feed_version = ? WHERE id = ?",
                [.integer(now), .integer(change.version), .integer(id)])
            try index(id, description, in: connection)
        }
        let copy = try connection.first(
            """
            SELECT r.id FROM repositories r WHERE r.mirror = ? AND r.upstream = ? AND r.kind = ? AND r.upstream_key = ?
            """, [.text(mirror), .text(upstream), .text(change.kind.rawValue), .text(key(change.path))])
        guard copy != nil else { return }
        for version in versions {
            try connection.upsert(
                into: "remote_changes", key: [("source_id", .integer(source)), ("version", .integer(version))],
                values: [("remote_id", .integer(id)), ("seen_at", .integer(now))])
        }
        // Only what came since the last comparison is counted, and nobody counts beyond some hundreds.
        try connection.execute(
            """
            DELETE FROM remote_changes WHERE remote_id = ? AND (version < ? OR seen_at <= COALESCE((
                SELECT ms.checked_at FROM mirror_states ms WHERE ms.repository_id = ?), 0))
            """,
            [.integer(id), .integer(change.version - 100_000), .integer(try copy?.integer("id") ?? 0)])
    }

    private static func put(
        _ observation: RemoteObservation, source: Int64, now: Int64, identifiers: IdentifierSource,
        in connection: any Connection
    ) throws {
        guard isName(observation.path) else { return }
        let row = try row(observation.kind, observation.path, source, in: connection)
        switch observation {
        case .described(let told):
            let description = told.bounded()
            if let row {
                let text = try JSONText.encode(description.json)
                let id = try row.integer("id")
                let isSame = try row.text("description") == text && row.text("path") == description.path
                try update(id, description, text, was: try row.text("state"), now: now, in: connection)
                if !isSame { try index(id, description, in: connection) }
            } else {
                let id = identifiers.next()
                try insert(id, description, state: .present, reason: nil, source: source, now: now, in: connection)
                try index(id, description, in: connection)
            }
        case .gone(_, _, let reason): try close(row, .gone, reason, now: now, in: connection)
        case .restricted(let kind, let path, let reason):
            if row != nil { return try close(row, .restricted, reason, now: now, in: connection) }
            let id = identifiers.next()
            let description = RemoteDescription(kind: kind, path: path)
            try insert(id, description, state: .restricted, reason: reason, source: source, now: now, in: connection)
            try index(id, description, in: connection)
        case .failed(_, _, let retryAt):
            guard let row else { return }
            try connection.execute(
                "UPDATE remote_repositories SET due_at = ?, attempts = attempts + 1 WHERE id = ?",
                [Value(retryAt), .integer(try row.integer("id"))])
        }
    }

    /// Notes that a repository is not for us any more, and when that began. What was known of it stays.
    private static func close(
        _ row: Row?, _ state: RemoteEntry.State, _ reason: String, now: Int64, in connection: any Connection
    ) throws {
        // Of what never was there nothing is told.
        guard let row else { return }
        let id = try row.integer("id")
        try connection.execute(
            "UPDATE remote_repositories SET seen_at = ?, due_at = NULL, attempts = 0 WHERE id = ?",
            [.integer(now), .integer(id)])
        guard try row.text("state") != state.rawValue else { return }
        try connection.execute(
            "UPDATE remote_repositories SET state = ?, state_reason = ?, state_since = ? WHERE id = ?",
            [.text(state.rawValue), .text(String(reason.prefix(1_000))), .integer(now), .integer(id)])
    }

    private static func insert(
        _ id: Int64, _ description: RemoteDescription, state: RemoteEntry.State, reason: String?, source: Int64,
        now: Int64, in connection: any Connection
    ) throws {
        let pathKey = key(description.path)
        try connection.execute(
            """
            INSERT INTO remote_repositories (id, source_id, kind, path, path_key, author_key, state, state_reason,
                state_since, is_private, description, commit_id, downloads, likes, size, parameters, created_at,
                updated_at, seen_at, described_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(id), .integer(source), .text(description.kind.rawValue), .text(description.path),
                .text(pathKey), .text(owner(pathKey)), .text(state.rawValue),
                Value(reason.map { String($0.prefix(1_000)) }), .integer(now), Value(description.isPrivate),
                .text(try JSONText.encode(description.json)), Value(description.commit?.hex),
            ] + numbers(of: description) + [.integer(now), state == .present ? .integer(now) : nil])
    }

    private static func update(
        _ id: Int64, _ description: RemoteDescription, _ text: String, was state: String, now: Int64,
        in connection: any Connection
    ) throws {
        try connection.execute(
            """
            UPDATE remote_repositories SET path = ?, is_private = ?, description = ?, commit_id = ?, downloads = ?,
                likes = ?, size = ?, parameters = ?, created_at = ?, updated_at = ?, seen_at = ?, described_at = ?,
                due_at = NULL, attempts = 0
            WHERE id = ?
            """,
            [
                .text(description.path), Value(description.isPrivate), .text(text), Value(description.commit?.hex),
            ] + numbers(of: description) + [.integer(now), .integer(now), .integer(id)])
        guard state != RemoteEntry.State.present.rawValue else { return }
        try connection.execute(
            "UPDATE remote_repositories SET state = 'present', state_reason = NULL, state_since = ? WHERE id = ?",
            [.integer(now), .integer(id)])
    }

    private static func numbers(of description: RemoteDescription) -> [Value] {
        [
            description.downloads, description.likes, description.totalSize, description.parameters,
            description.createdAt, description.updatedAt,
        ].map { .integer($0 ?? -1) }
    }

    /// Writes what an entry is found and counted by.
    static func index(_ id: Int64, _ description: RemoteDescription, in connection: any Connection) throws {
        try connection.execute("DELETE FROM remote_facets WHERE remote_id = ?", [.integer(id)])
        for (facet, content) in CatalogueFacet.all(of: description) {
            try connection.execute(
                "INSERT INTO remote_facets (remote_id, facet, content_key, content) VALUES (?, ?, ?, ?)",
                [.integer(id), .text(facet.rawValue), .text(CatalogueFacet.key(content)), .text(content)])
        }
        try connection.catalogueIndex.put(
            [
                .name: "\(description.path) \(description.title ?? "")",
                .tags:
                    (description.tags + [description.task, description.library, description.author].compactMap { $0 }
                    + description.licenses).joined(separator: "\n"),
                .description: description.summary ?? "",
            ], of: id, in: connection)
    }
}

/// By what entries of the catalogue are filtered and counted.
package enum CatalogueFacet: String, Sendable, CaseIterable {
    case task, library, language, license, tag

    static func key(_ content: String) -> String { content.lowercased() }

    /// What a description says for each facet, each thing once.
    static func all(of description: RemoteDescription) -> [(facet: CatalogueFacet, content: String)] {
        var seen: Set<String> = []
        var all: [(CatalogueFacet, String)] = []
        func add(_ facet: CatalogueFacet, _ contents: [String]) {
            for content in contents where seen.insert("\(facet.rawValue) \(key(content))").inserted {
                all.append((facet, content))
            }
        }
        add(.task, [description.task].compactMap { $0 })
        add(.library, [description.library].compactMap { $0 })
        add(.language, description.languages)
        add(.license, description.licenses)
        add(.tag, description.tags)
        return all
    }
}
