import SQL

extension RepositoryStore {
    /// Removes a repository's rows: from now on nobody finds it. Its objects are removed by the caller afterwards.
    ///
    /// Tables that hold something about a repository are named here, in one place, children first.
    func remove(_ repository: Repository) async throws {
        let key = repository.key
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            try WebhookEvent(domain: .repo, action: "delete", scope: "repo").queue(
                for: repository, at: now, identifiers: identifiers, in: connection)
            if !repository.isMirror { try RetiredNames.retire(repository, at: now, in: connection) }
            try DeployKeyStore.forget(allOf: key, now: now, in: connection)
            try GrantStore.delete("repository_id = ?", [.integer(key)], in: connection)
            try Self.appendRemoval(of: repository, now: now, in: connection)
            try Self.releaseAll(of: key, in: connection)
            for table in Self.tablesOfRepositories {
                try connection.execute("DELETE FROM \(table) WHERE repository_id = ?", [.integer(key)])
            }
            try connection.execute("DELETE FROM repositories WHERE id = ?", [.integer(key)])
            try connection.searchIndex.remove(key, in: connection)
            try AuditLog.append(
                AuditEntry(by: repository.principal, "repository.delete", repository.id.description), at: now,
                in: connection)
        }
    }

    /// Every table with a column `repository_id`; a test compares it with the schema.
    static let tablesOfRepositories = [
        "refs", "links", "mirror_states", "acquired_commits", "provenance", "feed", "repository_settings",
        "renamed_repositories", "file_locks", "xet_uploads", "grants", "access_requests", "repository_tags",
        "notifications", "discussion_events", "discussions", "discussion_numbers", "discussion_identifiers", "likes",
        "collection_items",
        "deploy_keys", "staged_blobs", "staged_xorbs", "contributed_bytes", "repository_facets", "card_states",
        "object_journal", "comment_versions", "space_entries", "synced_heads", "mirror_absences",
        "license_evidence", "lineage_edges",
        "revision_scans", "upstream_scans",
        "statements", "statements_due", "stated_digests", "object_digests", "attachments",
        "served_heads",
    ]

    /// Gives a repository another name, leaving a note at the old one.
    /// - Parameter mayReclaim: whether names that others gave up may be taken again.
    /// - Throws: `.conflict` when the new name or its namespace is somebody else's.
    func rename(_ repository: Repository, to id: RepositoryID, mayReclaim: Bool) async throws {
        let now = clock.now()
        let identifiers = identifiers
        let old = repository.id
        try await database.write { connection in
            try NamespaceRegister.claimLocal(id.namespace, now: now, in: connection)
            if (old.namespaceKey, old.nameKey) != (id.namespaceKey, id.nameKey) {
                try Self.refuseTaken(id, in: connection)
                try RetiredNames.reclaim(id, by: repository.principal, mayReclaim: mayReclaim, in: connection)
                try RetiredNames.retire(repository, at: now, in: connection)
            }
            try Self.forgetRename(of: id, in: connection)
            // Whoever watches the old name learns of the new one.
            try WebhookEvent.move(to: id).queue(for: repository, at: now, identifiers: identifiers, in: connection)
            try Self.moveHoldings(of: repository.key, to: id.namespace, in: connection)
            try connection.execute(
                """
                UPDATE repositories SET namespace = ?, namespace_key = ?, name = ?, name_key = ?, updated_at = ?
                WHERE id = ?
                """,
                [
                    .text(id.namespace), .text(id.namespaceKey), .text(id.name), .text(id.nameKey), .integer(now),
                    .integer(repository.key),
                ])
            if (old.namespaceKey, old.nameKey) != (id.namespaceKey, id.nameKey) {
                try connection.upsert(
                    into: "renamed_repositories",
                    key: [
                        ("kind", .text(old.kind.rawValue)), ("namespace_key", .text(old.namespaceKey)),
                        ("name_key", .text(old.nameKey)),
                    ], values: [("repository_id", .integer(repository.key))])
            }
            try PinStore.move(old, to: id, in: connection)
            try Self.appendRemoval(of: repository, now: now, in: connection)
            try Self.appendAppearance(of: repository.key, now: now, in: connection)
            try Self.indexNames(of: repository.key, in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "repository.rename", old.description,
                    detail: .object([.init(key: "to", value: .string(id.description))])), at: now, in: connection)
        }
    }

    /// Where a repository that was renamed is now; nil when no repository ever had this name, or a new one has it.
    package func renamed(_ id: RepositoryID) async throws -> RepositoryID? {
        try await database.read { connection in
            try connection.first(
                """
                SELECT \(Self.columns) FROM renamed_repositories n JOIN repositories r ON r.id = n.repository_id
                WHERE n.kind = ? AND n.namespace_key = ? AND n.name_key = ?
                """, [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)]
            ).map { try Self.record($0).id }
        }
    }

    static func forgetRename(of id: RepositoryID, in connection: any Connection) throws {
        try connection.execute(
            "DELETE FROM renamed_repositories WHERE kind = ? AND namespace_key = ? AND name_key = ?",
            [.text(id.kind.rawValue), .text(id.namespaceKey), .text(id.nameKey)])
    }

    /// Changes who may see a repository.
    func setVisibility(_ visibility: Repository.Visibility, of repository: Repository) async throws {
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            try connection.execute(
                "UPDATE repositories SET visibility = ?, updated_at = ? WHERE id = ?",
                [.text(visibility.rawValue), .integer(now), .integer(repository.key)])
            if visibility == .private, repository.visibility != .private {
                try Self.appendRemoval(of: repository, now: now, in: connection)
            } else if visibility != .private, repository.visibility == .private {
                try Self.appendAppearance(of: repository.key, now: now, in: connection)
            }
            let isPrivate = visibility != .public
            try WebhookEvent.config("private", .boolean(isPrivate)).queue(
                for: repository.id, key: repository.key, isPrivate: isPrivate, at: now, identifiers: identifiers,
                in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "repository.visibility", repository.id.description,
                    detail: .object([.init(key: "visibility", value: .string(visibility.rawValue))])), at: now,
                in: connection)
        }
    }

    /// A setting of a repository as JSON; nil when it was never set.
    package func setting(_ name: String, of key: Int64) async throws -> JSONValue? {
        try await database.read { connection in
            try connection.first(
                "SELECT content FROM repository_settings WHERE repository_id = ? AND name = ?",
                [.integer(key), .text(name)]
            ).flatMap { JSONText.decode(try $0.text("content")) }
        }
    }

    /// Sets a setting of a repository.
    package func set(_ name: String, to value: JSONValue, of repository: Repository) async throws {
        let now = clock.now()
        let identifiers = identifiers
        try await database.write { connection in
            try connection.upsert(
                into: "repository_settings", key: [("repository_id", .integer(repository.key)), ("name", .text(name))],
                values: [("content", .text(try JSONText.encode(value)))])
            if RepositoryProfile.settingNames.contains(name) {
                try Self.indexNames(of: repository.key, in: connection)
            }
            try WebhookEvent.config(name, value).queue(
                for: repository, at: now, identifiers: identifiers, in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "repository.setting", repository.id.description,
                    detail: .object([.init(key: name, value: value)])), at: now, in: connection)
        }
    }
}
