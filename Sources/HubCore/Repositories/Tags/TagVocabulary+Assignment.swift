import SQL

extension TagVocabulary {
    /// Gives a repository these tags of one category, instead of those it was given before.
    ///
    /// A built-in category takes any name, as cards do; one that an administrator made takes its own words only.
    /// - Parameter repository: opened for `.settings`.
    /// - Throws: `.notFound` for a category there is not, `.badRequest` for a name that is not in it.
    package func assign(_ names: [String], category name: String, to repository: Repository) async throws {
        guard repository.verb == .settings else {
            throw HubError(.internalError, "\(repository.id) was opened to \(repository.verb.rawValue).")
        }
        let names = Set(names).sorted()
        guard names.count <= Self.maximumAssigned, names.allSatisfy(RepositoryTag.isValid) else {
            throw HubError(
                .badRequest, "A repository has \(Self.maximumAssigned) tags of a category at most, of 128 bytes each.")
        }
        let now = store.clock.now()
        let kind = repository.id.kind
        try await store.database.write { connection in
            guard let category = try Self.category(name, kind, in: connection), category.isEnabled else {
                throw HubError(.notFound, "There is no tag category '\(name)' for \(kind.plural).")
            }
            try connection.execute(
                "DELETE FROM repository_tags WHERE repository_id = ? AND category = ?",
                [.integer(repository.key), .text(name)])
            for tag in names {
                if !category.isBuiltIn {
                    let known = try connection.first(
                        "SELECT id FROM tags WHERE name = ? AND category = ? AND scope = ?",
                        [.text(tag), .text(name), .text(kind.rawValue)])
                    guard known != nil else {
                        throw HubError(.badRequest, "'\(tag)' is no tag of the category '\(name)'.")
                    }
                }
                try connection.execute(
                    "INSERT INTO repository_tags (repository_id, category, name, flat) VALUES (?, ?, ?, ?)",
                    [
                        .integer(repository.key), .text(name), .text(tag),
                        .text(RepositoryTag(category: name, name: tag).flat(for: kind)),
                    ])
            }
            try RepositoryStore.indexNames(of: repository.key, in: connection)
            try AuditLog.append(
                AuditEntry(
                    by: repository.principal, "repository.tags", repository.id.description,
                    detail: .object([.init(key: name, value: .array(names.map(JSONValue.string)))])), at: now,
                in: connection)
        }
    }

    /// The tags that these repositories were given, by key, in the order of their names.
    package func assigned(to keys: [Int64]) async throws -> [Int64: [RepositoryTag]] {
        guard !keys.isEmpty else { return [:] }
        let marks = keys.map { _ in "?" }.joined(separator: ", ")
        return try await store.database.read { connection in
            let rows = try connection.query(
                """
                SELECT repository_id, category, name FROM repository_tags WHERE repository_id IN (\(marks))
                ORDER BY category, name
                """, keys.map(Value.integer))
            var found: [Int64: [RepositoryTag]] = [:]
            for row in rows {
                found[try row.integer("repository_id"), default: []].append(
                    RepositoryTag(category: try row.text("category"), name: try row.text("name")))
            }
            return found
        }
    }
}
