import SQL

/// A word of the vocabulary as somebody asks for it.
package struct VocabularyTagDraft: Sendable, Hashable {
    package var name: String
    package var category: String
    package var group: String
    package var scope: RepositoryKind
    package var showName: String
    package var translationKey: String

    package init(
        name: String, category: String, group: String, scope: RepositoryKind, showName: String, translationKey: String
    ) {
        self.name = name
        self.category = category
        self.group = group
        self.scope = scope
        self.showName = showName
        self.translationKey = translationKey
    }
}

/// Which words are asked for; what is nil or empty leaves all.
package struct VocabularyFilter: Sendable {
    package var categories: [String] = []
    package var scopes: [RepositoryKind] = []
    package var isBuiltIn: Bool?
    /// A part of the name, or of what people read.
    package var search = ""

    package init() {}

    func matches(_ tag: VocabularyTag) -> Bool {
        guard categories.isEmpty || categories.contains(tag.category) else { return false }
        guard scopes.isEmpty || scopes.contains(tag.scope) else { return false }
        guard !search.isEmpty else { return true }
        let part = search.lowercased()
        return tag.name.lowercased().contains(part) || tag.showName.lowercased().contains(part)
    }
}

extension TagVocabulary {
    /// The words, those of the catalogue and those of administrators, by category and name; a page and how many there are.
    package func tags(_ filter: VocabularyFilter, offset: Int, limit: Int) async throws
        -> (tags: [VocabularyTag], total: Int)
    {
        // What administrators lay down is hundreds of words at most, and the catalogue is in memory.
        let own = filter.isBuiltIn == true ? [] : try await ownTags()
        let known = filter.isBuiltIn == false ? [] : TagCatalogue.all
        let found = (known + own).filter(filter.matches)
            .sorted { ($0.category, $0.name, $0.id) < ($1.category, $1.name, $1.id) }
        return (Array(found.dropFirst(max(0, offset)).prefix(max(0, limit))), found.count)
    }

    private func ownTags() async throws -> [VocabularyTag] {
        try await store.database.read { connection in
            try connection.query("SELECT * FROM tags ORDER BY category, name, id LIMIT \(Self.maximumListed)")
                .map(Self.tag)
        }
    }

    /// - Throws: `.notFound`.
    package func tag(_ id: Int64) async throws -> VocabularyTag {
        if let known = TagCatalogue.tag(id) { return known }
        return try await store.database.read { try Self.tag(id, in: $0) }
    }

    /// - Throws: `.notFound` for a category nobody made, `.conflict` for a tag that exists.
    package func createTag(_ draft: VocabularyTagDraft, by principal: Principal) async throws -> VocabularyTag {
        try Self.check(draft)
        let id = store.identifiers.next()
        let now = store.clock.now()
        return try await store.database.write { connection in
            try Self.requirePlace(for: draft, besides: id, in: connection)
            try connection.execute(
                """
                INSERT INTO tags (id, name, category, tag_group, scope, is_built_in, show_name, i18n_key, created_at,
                    updated_at)
                VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?)
                """,
                [
                    .integer(id), .text(draft.name), .text(draft.category), .text(draft.group),
                    .text(draft.scope.rawValue), .text(draft.showName), .text(draft.translationKey), .integer(now),
                    .integer(now),
                ])
            try Self.audit("tag.create", "\(draft.category):\(draft.name)", by: principal, now, connection)
            return try Self.tag(id, in: connection)
        }
    }

    /// Changes a word; repositories that carry it carry what it is called now.
    /// - Throws: as `createTag`.
    package func changeTag(
        _ id: Int64, by principal: Principal, _ change: @escaping @Sendable (inout VocabularyTagDraft) -> Void
    ) async throws -> VocabularyTag {
        try Self.refuseBuiltIn(id)
        let now = store.clock.now()
        return try await store.database.write { connection in
            let old = try Self.tag(id, in: connection)
            var draft = VocabularyTagDraft(
                name: old.name, category: old.category, group: old.group, scope: old.scope, showName: old.showName,
                translationKey: old.translationKey)
            change(&draft)
            try Self.check(draft)
            try Self.requirePlace(for: draft, besides: id, in: connection)
            if (draft.category, draft.scope) != (old.category, old.scope) {
                throw HubError(.badRequest, "A tag stays in its category.", remedy: "Make another one there.")
            }
            try connection.execute(
                "UPDATE tags SET name = ?, tag_group = ?, show_name = ?, i18n_key = ?, updated_at = ? WHERE id = ?",
                [
                    .text(draft.name), .text(draft.group), .text(draft.showName), .text(draft.translationKey),
                    .integer(now), .integer(id),
                ])
            if draft.name != old.name {
                try Self.rename(old, to: draft.name, in: connection)
            }
            try Self.audit("tag.update", "\(draft.category):\(draft.name)", by: principal, now, connection)
            return try Self.tag(id, in: connection)
        }
    }

    /// Removes a word, from every repository that carries it too.
    /// - Throws: `.notFound`.
    package func removeTag(_ id: Int64, by principal: Principal) async throws {
        try Self.refuseBuiltIn(id)
        let now = store.clock.now()
        try await store.database.write { connection in
            let tag = try Self.tag(id, in: connection)
            let carriers = try Self.carriers(of: tag, in: connection)
            try connection.execute("DELETE FROM tags WHERE id = ?", [.integer(id)])
            try connection.execute(
                """
                DELETE FROM repository_tags WHERE category = ? AND name = ?
                    AND repository_id IN (SELECT id FROM repositories WHERE kind = ?)
                """, [.text(tag.category), .text(tag.name), .text(tag.scope.rawValue)])
            for key in carriers { try RepositoryStore.indexNames(of: key, in: connection) }
            try Self.audit("tag.delete", "\(tag.category):\(tag.name)", by: principal, now, connection)
        }
    }

    private static func refuseBuiltIn(_ id: Int64) throws {
        guard let tag = TagCatalogue.tag(id) else { return }
        throw HubError(.forbidden, "The tag '\(tag.name)' of '\(tag.category)' is built in.")
    }

    private static func rename(_ tag: VocabularyTag, to name: String, in connection: any Connection) throws {
        let flat = RepositoryTag(category: tag.category, name: name).flat(for: tag.scope)
        let carriers = try carriers(of: tag, in: connection)
        // Who carries both keeps the one that stays.
        try connection.execute(
            """
            DELETE FROM repository_tags WHERE category = ? AND name = ?
                AND repository_id IN (SELECT id FROM repositories WHERE kind = ?)
            """, [.text(tag.category), .text(name), .text(tag.scope.rawValue)])
        try connection.execute(
            """
            UPDATE repository_tags SET name = ?, flat = ? WHERE category = ? AND name = ?
                AND repository_id IN (SELECT id FROM repositories WHERE kind = ?)
            """,
            [.text(name), .text(flat), .text(tag.category), .text(tag.name), .text(tag.scope.rawValue)])
        for key in carriers { try RepositoryStore.indexNames(of: key, in: connection) }
    }

    /// The repositories that were given a word.
    private static func carriers(of tag: VocabularyTag, in connection: any Connection) throws -> [Int64] {
        try connection.query(
            """
            SELECT t.repository_id AS id FROM repository_tags t JOIN repositories r ON r.id = t.repository_id
            WHERE t.category = ? AND t.name = ? AND r.kind = ?
            """, [.text(tag.category), .text(tag.name), .text(tag.scope.rawValue)]
        ).map { try $0.integer("id") }
    }

    private static func check(_ draft: VocabularyTagDraft) throws {
        guard RepositoryTag.isValid(draft.name) else {
            throw HubError(.badRequest, "'\(draft.name.prefix(128))' is not a valid tag.")
        }
        try requireText(draft.showName)
        guard draft.group.utf8.count <= 64, draft.translationKey.utf8.count <= 128 else {
            throw HubError(.badRequest, "A group has 64 bytes and a translation key 128 at most.")
        }
    }

    private static func requirePlace(
        for draft: VocabularyTagDraft, besides id: Int64, in connection: any Connection
    ) throws {
        guard try category(draft.category, draft.scope, in: connection) != nil else {
            throw HubError(.notFound, "There is no tag category '\(draft.category)' for \(draft.scope.plural).")
        }
        let taken = try connection.first(
            "SELECT id FROM tags WHERE name = ? AND category = ? AND scope = ? AND id <> ?",
            [.text(draft.name), .text(draft.category), .text(draft.scope.rawValue), .integer(id)])
        let isKnown = TagCatalogue.tag(draft.name, category: draft.category, scope: draft.scope) != nil
        guard taken == nil, !isKnown else {
            throw HubError(.conflict, "The tag '\(draft.name)' already exists in '\(draft.category)'.")
        }
    }

    private static func tag(_ id: Int64, in connection: any Connection) throws -> VocabularyTag {
        guard let row = try connection.first("SELECT * FROM tags WHERE id = ?", [.integer(id)]) else {
            throw HubError(.notFound, "There is no tag \(id).")
        }
        return try tag(row)
    }

    private static func tag(_ row: Row) throws -> VocabularyTag {
        guard let scope = RepositoryKind(rawValue: try row.text("scope")) else {
            throw HubError(.storageCorrupt, "The tag \(try row.integer("id")) cannot be read.")
        }
        return VocabularyTag(
            id: try row.integer("id"), name: try row.text("name"), category: try row.text("category"),
            group: try row.text("tag_group"), scope: scope, isBuiltIn: try row.boolean("is_built_in"),
            showName: try row.text("show_name"), translationKey: try row.text("i18n_key"),
            createdAt: try row.integer("created_at"), updatedAt: try row.integer("updated_at"))
    }
}
