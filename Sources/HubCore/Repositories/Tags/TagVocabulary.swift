import SQL

/// The categories and words that administrators lay down, and the tags that owners give by them.
package struct TagVocabulary: Sendable {
    /// Tags of one category that a repository may carry.
    package static let maximumAssigned = 50
    /// Categories, and tags of each page, that are listed.
    package static let maximumListed = 1_000

    let store: RepositoryStore

    package init(store: RepositoryStore) { self.store = store }

    // MARK: Categories

    package func categories() async throws -> [TagCategory] {
        try await store.database.read { connection in
            try connection.query("SELECT * FROM tag_categories ORDER BY id LIMIT \(Self.maximumListed)")
                .map(Self.category)
        }
    }

    /// - Throws: `.conflict` for one that exists, `.badRequest` for a name that cannot be.
    package func createCategory(
        _ name: String, scope: RepositoryKind, showName: String, isEnabled: Bool, by principal: Principal
    ) async throws -> TagCategory {
        try Self.requireCategoryName(name)
        try Self.requireText(showName)
        let made = TagCategory(
            id: store.identifiers.next(), name: name, scope: scope, showName: showName, isEnabled: isEnabled,
            isBuiltIn: false)
        let now = store.clock.now()
        try await store.database.write { connection in
            let taken = try connection.first(
                "SELECT id FROM tag_categories WHERE name = ? AND scope = ?", [.text(name), .text(scope.rawValue)])
            guard taken == nil else {
                throw HubError(.conflict, "The category '\(name)' already exists for \(scope.plural).")
            }
            try connection.execute(
                """
                INSERT INTO tag_categories (id, name, scope, show_name, is_enabled, is_built_in)
                VALUES (?, ?, ?, ?, ?, 0)
                """,
                [.integer(made.id), .text(name), .text(scope.rawValue), .text(showName), Value(isEnabled)])
            try Self.audit("tag-category.create", "\(scope.rawValue):\(name)", by: principal, now, connection)
        }
        return made
    }

    /// Changes what people read of a category, and whether it is used. Its name is in the tags and stays.
    /// - Throws: `.notFound`.
    package func changeCategory(_ id: Int64, showName: String?, isEnabled: Bool?, by principal: Principal) async throws
        -> TagCategory
    {
        if let showName { try Self.requireText(showName) }
        let now = store.clock.now()
        return try await store.database.write { connection in
            var category = try Self.category(id, in: connection)
            category.showName = showName ?? category.showName
            category.isEnabled = isEnabled ?? category.isEnabled
            try connection.execute(
                "UPDATE tag_categories SET show_name = ?, is_enabled = ? WHERE id = ?",
                [.text(category.showName), Value(category.isEnabled), .integer(id)])
            try Self.audit(
                "tag-category.update", "\(category.scope.rawValue):\(category.name)", by: principal, now, connection)
            return category
        }
    }

    /// Removes a category that has no tags.
    /// - Throws: `.notFound`, `.forbidden` for a built-in one, `.conflict` for one with tags.
    package func removeCategory(_ id: Int64, by principal: Principal) async throws {
        let now = store.clock.now()
        try await store.database.write { connection in
            let category = try Self.category(id, in: connection)
            guard !category.isBuiltIn else {
                throw HubError(
                    .forbidden, "The category '\(category.name)' is built in.", remedy: "Disable it instead.")
            }
            let used = try connection.first(
                "SELECT id FROM tags WHERE category = ? AND scope = ?",
                [.text(category.name), .text(category.scope.rawValue)])
            guard used == nil else {
                throw HubError(.conflict, "The category '\(category.name)' has tags.", remedy: "Remove them first.")
            }
            try connection.execute("DELETE FROM tag_categories WHERE id = ?", [.integer(id)])
            try Self.audit(
                "tag-category.delete", "\(category.scope.rawValue):\(category.name)", by: principal, now, connection)
        }
    }

    static func category(_ id: Int64, in connection: any Connection) throws -> TagCategory {
        guard let row = try connection.first("SELECT * FROM tag_categories WHERE id = ?", [.integer(id)]) else {
            throw HubError(.notFound, "There is no tag category \(id).")
        }
        return try category(row)
    }

    static func category(_ name: String, _ kind: RepositoryKind, in connection: any Connection) throws -> TagCategory? {
        try connection.first(
            "SELECT * FROM tag_categories WHERE name = ? AND scope = ?", [.text(name), .text(kind.rawValue)]
        ).map(Self.category)
    }

    private static func category(_ row: Row) throws -> TagCategory {
        guard let scope = RepositoryKind(rawValue: try row.text("scope")) else {
            throw HubError(.storageCorrupt, "The tag category \(try row.integer("id")) cannot be read.")
        }
        return TagCategory(
            id: try row.integer("id"), name: try row.text("name"), scope: scope, showName: try row.text("show_name"),
            isEnabled: try row.boolean("is_enabled"), isBuiltIn: try row.boolean("is_built_in"))
    }

    // MARK: Words

    static func audit(
        _ action: String, _ object: String, by principal: Principal, _ now: Int64, _ connection: any Connection
    ) throws {
        try AuditLog.append(AuditEntry(by: principal, action, "tag:\(object)"), at: now, in: connection)
    }

    static func requireCategoryName(_ name: String) throws {
        let isWord = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x2D
        }
        guard (1...64).contains(name.utf8.count), isWord, name != "other" else {
            throw HubError(
                .badRequest, "'\(name.prefix(64))' is not a valid category name.",
                remedy: "Use up to 64 small letters, digits, '_' and '-'.")
        }
    }

    static func requireText(_ text: String) throws {
        guard text.utf8.count <= 128, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw HubError(.badRequest, "A name for people has 128 bytes at most, and no control characters.")
        }
    }
}
