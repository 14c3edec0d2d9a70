import SQL

extension CatalogueTable {
    /// Repositories that are read at once. What all of them say, as texts, would take more memory than the table.
    private static let portion = 500

    /// Reads all repositories as they are now.
    mutating func loadAll(in connection: any Connection) throws {
        var keys: [Int64] = []
        try connection.forEachInteger("SELECT id FROM repositories ORDER BY id", []) { keys.append($0) }
        for start in stride(from: 0, to: keys.count, by: Self.portion) {
            let portion = keys[start...].prefix(Self.portion)
            guard let first = portion.first, let last = portion.last else { continue }
            try load(among: "BETWEEN \(first) AND \(last)", in: connection)
        }
    }

    /// Reads repositories as they are now.
    /// - Parameter wanted: of which those that are gone are forgotten.
    mutating func load(_ wanted: [Int64], in connection: any Connection) throws {
        for start in stride(from: 0, to: wanted.count, by: Self.portion) {
            let portion = wanted[start...].prefix(Self.portion)
            let found = try load(
                among: "IN (\(portion.map(String.init).joined(separator: ", ")))", in: connection)
            for key in portion where !found.contains(key) { remove(key) }
        }
    }

    /// - Parameter among: a condition on a key, to be written behind it.
    /// - Returns: the keys of what is there.
    @discardableResult
    private mutating func load(among: String, in connection: any Connection) throws -> Set<Int64> {
        nameStandings()
        func narrowed(_ column: String) -> String { "\(column) \(among)" }
        var said: [Int64: [(group: CatalogueGroup, key: String, label: String)]] = [:]
        try connection.forEach(
            "SELECT repository_id, facet, tag, content FROM repository_facets WHERE \(narrowed("repository_id"))"
        ) { row in
            guard let facet = CardFacet.Kind(rawValue: try row.text("facet")) else { return true }
            let group = CatalogueGroup(facet)
            let content = try row.text("content")
            // A tag is asked for as lists of every surface name it.
            let label = group == .tag && facet != .other ? try row.text("tag") : content
            said[try row.integer("repository_id"), default: []].append((group, CardFacet.key(label), label))
            return true
        }
        try connection.forEach(
            "SELECT repository_id, category, name, flat FROM repository_tags WHERE \(narrowed("repository_id"))"
        ) { row in
            let group = CatalogueGroup(category: try row.text("category"))
            let name = group == .tag ? try row.text("flat") : try row.text("name")
            said[try row.integer("repository_id"), default: []].append((group, name.lowercased(), name))
            return true
        }
        // What nothing was fetched of says what its upstream told.
        try connection.forEach(
            """
            SELECT r.id, f.facet, f.content FROM repositories r
            JOIN catalogue_sources s ON s.mirror = r.mirror AND s.upstream = r.upstream
            JOIN remote_repositories e ON e.source_id = s.id AND e.kind = r.kind AND e.path_key = r.upstream_key
            JOIN remote_facets f ON f.remote_id = e.id
            WHERE r.origin = 'mirror' AND r.card IS NULL AND \(narrowed("r.id"))
            """
        ) { row in
            guard let group = CatalogueGroup(rawValue: try row.text("facet")) else { return true }
            let content = try row.text("content")
            said[try row.integer("id"), default: []].append((group, content.lowercased(), content))
            return true
        }
        var found: Set<Int64> = []
        try connection.forEach("\(Self.selection) WHERE \(narrowed("r.id"))") { row in
            guard var record = try Self.record(row) else { return true }
            record.said = said.removeValue(forKey: record.key) ?? []
            found.insert(record.key)
            put(record)
            return true
        }
        return found
    }

    private static let selection = """
        SELECT r.id, r.kind, r.namespace, r.namespace_key, r.name_key, r.visibility, r.origin, r.created_at,
            r.updated_at, r.likes, r.downloads, r.git_bytes,
            COALESCE((SELECT lb.bytes FROM linked_bytes lb WHERE lb.repository_id = r.id), 0) AS stored,
            (SELECT gs.content FROM repository_settings gs WHERE gs.repository_id = r.id AND gs.name = 'gated') AS gating,
            COALESCE(e.size, -1) AS remote_size, COALESCE(e.parameters, -1) AS parameters,
            COALESCE(e.likes, 0) AS remote_likes, COALESCE(e.downloads, 0) AS remote_downloads,
            EXISTS (SELECT 1 FROM acquired_commits ac WHERE ac.repository_id = r.id) AS has_content,
            CASE WHEN e.id IS NULL THEN ms.changed_at IS NOT NULL ELSE \(RemoteCatalogue.behind) END AS is_behind
        FROM repositories r
        LEFT JOIN catalogue_sources s ON s.mirror = r.mirror AND s.upstream = r.upstream
        LEFT JOIN remote_repositories e ON e.source_id = s.id AND e.kind = r.kind AND e.path_key = r.upstream_key
        LEFT JOIN mirror_states ms ON ms.repository_id = r.id
        """

    private static func record(_ row: Row) throws -> Record? {
        guard let kind = RepositoryKind(rawValue: try row.text("kind")),
            let visibility = Repository.Visibility(rawValue: try row.text("visibility"))
        else { return nil }
        let isMirror = try row.text("origin") == "mirror"
        let hasContent = try row.boolean("has_content")
        let standing: CatalogueStanding =
            !isMirror ? .local : !hasContent ? .known : try row.boolean("is_behind") ? .behind : .mirrored
        let stored = try row.integer("stored") + row.integer("git_bytes")
        let remote = try row.integer("remote_size")
        return Record(
            key: try row.integer("id"), kind: kind, namespaceKey: try row.text("namespace_key"),
            namespace: try row.text("namespace"), nameKey: try row.text("name_key"), visibility: visibility,
            isGated: Repository.Gating(setting: try row.optionalText("gating")) != .open, standing: standing,
            createdAt: try row.integer("created_at"), updatedAt: try row.integer("updated_at"),
            downloads: max(try row.integer("downloads"), try row.integer("remote_downloads")),
            likes: max(try row.integer("likes"), try row.integer("remote_likes")),
            ownDownloads: try row.integer("downloads"), ownLikes: try row.integer("likes"),
            size: remote >= 0 ? remote : isMirror && !hasContent ? -1 : stored,
            parameters: try row.integer("parameters"), said: [])
    }
}
